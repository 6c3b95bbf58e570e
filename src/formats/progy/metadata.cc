// Types first, so that every client hears the same of the same fault.
#include "formats/progy/metadata.h"

#include "formats/progy/names.h"
#include "registry/json_body.h"

namespace kontor::progy {
namespace {

constexpr std::size_t kMaxDescription = 4096;
constexpr std::size_t kMaxChangelog = 128 * 1024;

std::unexpected<Error> bad(std::string_view sentence) {
  return fail(Code::invalid_json, std::string(sentence));
}

struct Fields {
  std::optional<std::string> name, version, description, changelog;
  std::optional<bool> is_private, force;
};

Result<Fields> read_fields(const Json& object) {
  Fields out;
  for (const auto& [place, key] : {std::pair{&out.name, "name"},
                                   {&out.version, "version"},
                                   {&out.description, "description"},
                                   {&out.changelog, "changelog"}}) {
    auto text = text_field(object, key);
    if (!text) return fail(text);
    *place = std::move(*text);
  }
  for (const auto& [place, key] : {std::pair{&out.is_private, "private"}, {&out.force, "force"}}) {
    auto flag = flag_field(object, key);
    if (!flag) return fail(flag);
    *place = *flag;
  }
  return out;
}

}  // namespace

Result<Metadata> read_metadata(ByteView text) {
  if (text.empty()) return bad("The body has no part called metadata.");
  const auto object = parse_json(text, {.max_bytes = 256 * 1024, .max_depth = 64});
  if (!object || !object->is_object()) return bad("The part metadata must be one JSON object.");
  auto fields = read_fields(*object);
  if (!fields) return fail(fields);
  auto name = parse_name(fields->name.value_or(""));
  if (!name) return fail(name);
  auto version = parse_course_version(fields->version.value_or(""));
  if (!version) return fail(version);
  Metadata out{.name = std::move(*name),
               .version = std::move(*version),
               .description = fields->description.value_or(""),
               .changelog = fields->changelog.value_or(""),
               .is_private = fields->is_private,
               .force = fields->force.value_or(false)};
  if (out.description.size() > kMaxDescription || out.changelog.size() > kMaxChangelog)
    return bad("A description has at most 4096 bytes, a changelog 131072.");
  return out;
}

}  // namespace kontor::progy
