#pragma once
// Fragments: the JSON text of one version, ready to be copied into a document. Two conventions make
// that possible without parsing:
//   - the byte 0x01, which JSON text never holds raw, stands for the registry's base URL;
//   - on its way to the store, the byte 0x02 (kPlaceMark) in it stands for the place of its leaf;
//   - the last members are "dist" and, on a deprecated version only, "deprecated" after it.
#include "base/bytes.h"
#include "base/json.h"

#include <string>
#include <string_view>

namespace kontor::npm {

inline constexpr char kBaseMark = '\x01';

// The text of a JSON value; ill-formed UTF-8 is replaced.
std::string to_text(const Json& value);
// A JSON string literal, quotes included.
std::string json_string(std::string_view text);

// `members` is an object without "dist" and "deprecated"; `dist` is an object without "tarball",
// whose place is taken by `tarball_path` below the base URL ("/name/-/name-1.0.0.tgz").
std::string make_fragment(const Json& members, const Json& dist, std::string_view tarball_path,
                          std::string_view deprecated);

// The same fragment with a member "tlog" in "dist", whose value the store fills in.
std::string with_place_mark(std::string fragment);

// The same fragment with one member more at the beginning of "dist", which has none of that name.
// `json` may hold marks.
std::string with_dist_member(std::string_view fragment, std::string_view name,
                             std::string_view json);

// Empty where the version is not deprecated.
std::string deprecation_of(std::string_view fragment);
// The same version with this text; empty lifts the deprecation.
std::string with_deprecation(std::string_view fragment, std::string_view text);

// Appends the fragment with `base` in place of each mark. `base` needs no escaping in JSON.
void append_expanded(Bytes& out, std::string_view fragment, std::string_view base);
std::string expanded(std::string_view fragment, std::string_view base);

// The fragment as a tree with an empty base URL, null for the place of its leaf where that is not
// filled in; null where the text is not a fragment.
Json parse_fragment(std::string_view fragment);

}  // namespace kontor::npm
