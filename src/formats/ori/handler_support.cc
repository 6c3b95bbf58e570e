// Small and boring on purpose: handlers read better without it.
#include "formats/ori/handler_support.h"

#include "formats/ori/names.h"
#include "registry/json_body.h"

#include <algorithm>
#include <charconv>

namespace kontor::ori {

Result<PackageKey> package_of(const http::Call& call) {
  const auto name = parse_name(call.params["scope"], call.params["name"]);
  if (!name) return fail(Code::not_found, "No package can have this name.");
  return PackageKey{FormatId::ori, name->full()};
}

Result<VersionName> version_of(const http::Call& call) {
  auto key = package_of(call);
  if (!key) return fail(key);
  const auto version = parse_strict_version(call.params["version"]);
  if (!version) return fail(Code::version_not_found, "No version can have this number.");
  return VersionName{std::move(*key), to_string(*version)};
}

std::string json_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

http::Response fresh(const Json& body) {
  return private_json(200, body);
}

Result<std::uint32_t> query_number(const http::Request& request, std::string_view name,
                                   std::uint32_t otherwise, std::uint32_t max) {
  const auto text = request.query_value(name);
  if (!text) return otherwise;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc::result_out_of_range) return max;
  if (error != std::errc{} || end != text->data() + text->size())
    return fail(Code::bad_request, std::string(name) + " must be a number.");
  return std::min(value, max);
}

bool query_flag(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  return text == "1" || text == "true";
}

}  // namespace kontor::ori
