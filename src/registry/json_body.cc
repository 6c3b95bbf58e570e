// Every access checks the type first: the JSON library aborts on a wrong one.
#include "registry/json_body.h"

namespace kontor {
namespace {

constexpr std::uint64_t kMaxBytes = 64 * 1024;
constexpr JsonLimits kLimits = {.max_bytes = kMaxBytes, .max_depth = 12, .max_values = 4096};

std::unexpected<Error> wrong_type(std::string_view key, std::string_view wanted) {
  return fail(Code::invalid_json,
              "The field " + std::string(key) + " must be " + std::string(wanted) + ".");
}

}  // namespace

Task<Json> read_json_object(http::BodyReader* body) {
  const Bytes text = co_await http::read_all(body, kMaxBytes);
  if (text.empty()) co_return Json::object();
  Json json = co_await parse_json(text, kLimits);
  if (!json.is_object()) co_return fail(Code::invalid_json, "The body must be a JSON object.");
  co_return json;
}

const Json* find_field(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<std::optional<std::string>> text_field(const Json& object, std::string_view key) {
  const Json* field = find_field(object, key);
  if (!field) return std::nullopt;
  if (!field->is_string()) return wrong_type(key, "a string");
  return field->get<std::string>();
}

Result<std::string> required_text_field(const Json& object, std::string_view key) {
  auto text = text_field(object, key);
  if (!text) return fail(text);
  if (!*text) return fail(Code::invalid_json, "The field " + std::string(key) + " is missing.");
  return std::move(**text);
}

Result<std::optional<bool>> flag_field(const Json& object, std::string_view key) {
  const Json* field = find_field(object, key);
  if (!field) return std::nullopt;
  if (!field->is_boolean()) return wrong_type(key, "true or false");
  return field->get<bool>();
}

Result<std::vector<std::string>> texts_field(const Json& object, std::string_view key) {
  std::vector<std::string> out;
  const Json* field = find_field(object, key);
  if (!field) return out;
  if (field->is_string()) return std::vector{field->get<std::string>()};
  if (!field->is_array()) return wrong_type(key, "an array of strings");
  for (const auto& item : *field) {
    if (!item.is_string()) return wrong_type(key, "an array of strings");
    out.push_back(item.get<std::string>());
  }
  return out;
}

http::Response private_json(std::uint16_t status, const Json& body) {
  auto response =
      http::json_response(status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
  response.set("cache-control", "private, no-store");
  return response;
}

}  // namespace kontor
