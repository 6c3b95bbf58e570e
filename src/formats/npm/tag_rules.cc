// The rules in the order in which their messages help most.
#include "formats/npm/tag_rules.h"

#include "domain/semver_range.h"

#include <algorithm>
#include <array>
#include <string>

namespace kontor::npm {
namespace {

// Clients keep tags as properties of a plain object, where these answer without having been set.
constexpr std::array<std::string_view, 12> kObjectProperties = {
    "__proto__",        "constructor",      "hasOwnProperty",   "isPrototypeOf",
    "toString",         "toLocaleString",   "valueOf",          "propertyIsEnumerable",
    "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"};

// What encodeURIComponent leaves as it is.
bool is_tag_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.!~*'()").contains(c);
}

}  // namespace

Result<void> check_tag(std::string_view tag) {
  const auto refuse = [](std::string_view why) {
    return fail(Code::invalid_tag, std::string(why));
  };
  if (tag.empty()) return refuse("a tag cannot be empty");
  if (tag.size() > kMaxTagLength) return refuse("a tag has at most 214 characters");
  if (!std::ranges::all_of(tag, is_tag_char))
    return refuse("a tag is made of letters, digits and -_.!~*'() only");
  if (tag == "." || tag == "..") return refuse("a tag cannot be . or ..");
  if (is_range(tag)) return refuse("a tag must not look like a version or a version range");
  if (std::ranges::find(kObjectProperties, tag) != kObjectProperties.end())
    return refuse("this tag would confuse clients; choose another");
  return {};
}

}  // namespace kontor::npm
