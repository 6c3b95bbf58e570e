// A path is followed step by step; what is not there is null, whose members are null.
#include "adapters/sigstore/fields.h"

#include "base/encoding.h"
#include "tlog/decimal.h"

namespace kontor::sigstore {
namespace {

const Json kNull;
const Json kNoItems = Json::array();

}  // namespace

const Json& member(const Json& object, std::string_view path) {
  const Json* at = &object;
  while (!path.empty()) {
    const auto name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (!at->is_object()) return kNull;
    const auto it = at->find(name);
    if (it == at->end()) return kNull;
    at = &*it;
  }
  return *at;
}

const Json& items(const Json& object, std::string_view path) {
  const Json& list = member(object, path);
  return list.is_array() ? list : kNoItems;
}

std::optional<std::string> text(const Json& object, std::string_view path) {
  const Json& value = member(object, path);
  if (!value.is_string()) return std::nullopt;
  return value.get<std::string>();
}

std::optional<Bytes> bytes(const Json& object, std::string_view path) {
  const auto encoded = text(object, path);
  return encoded ? from_base64(*encoded) : std::nullopt;
}

std::optional<std::uint64_t> number(const Json& object, std::string_view path) {
  const Json& value = member(object, path);
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (!value.is_string()) return std::nullopt;
  return tlog::parse_decimal(value.get_ref<const std::string&>(), (std::uint64_t{1} << 63) - 1);
}

std::optional<Timestamp> time(const Json& object, std::string_view path) {
  const auto spelt = text(object, path);
  return spelt ? parse_rfc3339(*spelt) : std::nullopt;
}

}  // namespace kontor::sigstore
