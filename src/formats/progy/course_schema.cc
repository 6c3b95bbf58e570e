// The text as it is served, but for the address it is served at; a test compares it with
// read_course().
#include "base/json.h"
#include "formats/progy/course.h"

namespace kontor::progy {

namespace {

constexpr std::string_view kSchema = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "{{address}}",
  "title": "course.json",
  "description": "The manifest of a Progy course. Keys that are not named here are kept.",
  "type": "object",
  "required": ["name", "version"],
  "properties": {
    "$schema": {"type": "string", "maxLength": 2048},
    "name": {
      "description": "@username/slug, as the registry knows the course.",
      "type": "string",
      "pattern": "^@[a-z0-9][a-z0-9._-]{0,63}/[a-z0-9][a-z0-9-]{0,62}$"
    },
    "version": {
      "description": "A semantic version; each is published once.",
      "type": "string",
      "maxLength": 256,
      "pattern": "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$"
    },
    "title": {"description": "For display.", "type": "string", "pattern": "\\S", "maxLength": 200},
    "description": {"type": "string", "maxLength": 500},
    "keywords": {
      "type": "array",
      "maxItems": 50,
      "items": {"type": "string", "pattern": "\\S", "maxLength": 64}
    },
    "author": {
      "type": "object",
      "required": ["name"],
      "properties": {
        "name": {"type": "string", "pattern": "\\S", "maxLength": 200},
        "email": {"type": "string", "pattern": "^[^\\s@]+@\\S+$", "maxLength": 2048},
        "url": {"type": "string", "pattern": "^https?://", "maxLength": 2048}
      }
    },
    "license": {"type": "string", "pattern": "\\S", "maxLength": 200},
    "private": {
      "description": "True: only its owner sees the course.",
      "type": "boolean"
    },
    "repository": {
      "type": "object",
      "required": ["type", "url"],
      "properties": {
        "type": {"type": "string", "pattern": "\\S", "maxLength": 2048},
        "url": {"type": "string", "pattern": "\\S", "maxLength": 2048}
      }
    },
    "engines": {
      "type": "object",
      "properties": {
        "progy": {
          "description": "A range of versions of the command line, such as >=0.15.0.",
          "type": "string",
          "maxLength": 2048
        }
      }
    },
    "files": {
      "description": "Globs of the files to pack; without it everything but what .gitignore leaves out.",
      "type": "array",
      "maxItems": 1000,
      "items": {
        "type": "string",
        "minLength": 1,
        "maxLength": 2048,
        "pattern": "^[^/\\\\][^\\\\]*$",
        "not": {"pattern": "(^|/)\\.\\.(/|$)"}
      }
    }
  }
}
)json";

}  // namespace

std::string course_schema(std::string_view base) {
  constexpr std::string_view kMark = R"("{{address}}")";
  const auto address = std::string(base) + std::string(kSchemaPath);
  std::string out(kSchema);
  out.replace(out.find(kMark), kMark.size(),
              Json(address).dump(-1, ' ', false, Json::error_handler_t::replace));
  return out;
}

}  // namespace kontor::progy
