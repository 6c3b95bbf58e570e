// Package names, dist-tags and collision keys: what is accepted reads back the same, is harmless in
// a path, and its key is stable.
#include "base/check.h"
#include "base/encoding.h"
#include "domain/collision_key.h"
#include "domain/semver_range.h"
#include "domain/user_name.h"
#include "formats/npm/name_rules.h"
#include "formats/npm/tag_rules.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using kontor::check;
using kontor::collision_key;
using kontor::PackageName;

bool is_path_segment(std::string_view part) {
  return !part.empty() && part != "." && part != ".." &&
         part.find_first_of(std::string_view("/\\%?#:;\0 ", 9)) == part.npos;
}

void check_lookup(const PackageName& name, std::string_view text) {
  check(name.full() == text, "a name does not read back the same");
  check(is_path_segment(name.base), "a base is no path segment");
  check(!name.scoped() || is_path_segment(name.scope), "a scope is no path segment");
  check(text.size() <= kontor::npm::kMaxNameLength, "a name is too long");
}

void check_new(const PackageName& name, std::string_view text) {
  const auto lookup = kontor::npm::parse_lookup_name(text);
  check(lookup && *lookup == name, "a name that can be published cannot be read");
  check(kontor::percent_encode(name.base) == name.base, "a base needs escapes");
  check(kontor::to_lower_ascii(text) == text, "a name has upper case");
  check(!collision_key(name.base).empty(), "a name has an empty key");
}

void check_key(std::string_view text) {
  const std::string key = collision_key(text);
  check(collision_key(key) == key, "a key has another key");
  check(kontor::within_one_edit(text, text), "a text differs from itself");
  const std::size_t half = text.size() / 2;
  const auto left = text.substr(0, half);
  const auto right = text.substr(half);
  check(kontor::within_one_edit(left, right) == kontor::within_one_edit(right, left), "symmetry");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto name = kontor::npm::parse_lookup_name(text)) check_lookup(*name, text);
  if (const auto name = kontor::npm::parse_package_name(text)) check_new(*name, text);
  if (kontor::npm::check_tag(text)) {
    check(is_path_segment(text), "a tag is no path segment");
    check(!kontor::is_range(text), "a tag is a range");
  }
  if (kontor::is_user_name(text))
    check(kontor::npm::parse_package_name("@" + std::string(text) + "/a").has_value() ||
              text == "node_modules" || text == "favicon.ico",
          "a user name is no scope");
  check_key(text);
  return 0;
}
