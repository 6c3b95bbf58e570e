#pragma once
// From the version object of a publish to what the registry keeps: the full and the abbreviated
// fragment, the readme apart from them, and the fields that only the registry may state.
#include "base/bytes.h"
#include "base/error.h"
#include "base/json.h"

#include <cstdint>
#include <string>
#include <vector>

#include "ports/blob_store.h"

namespace kontor::npm {

struct Person {
  std::string name;
  std::string email;
};

// What the registry found out by itself.
struct ManifestFacts {
  std::string name;
  std::string version;
  BlobDigests archive;
  std::uint64_t file_count = 0;
  std::uint64_t unpacked_size = 0;
  bool has_install_script = false;  // an install hook, or a binding.gyp to build
  bool has_shrinkwrap = false;
  Person publisher;
  std::vector<Person> maintainers;
  std::string readme_file_name;  // of the readme in the tarball; empty: none
};

struct Fragments {
  std::string full;
  std::string abbreviated;
  std::string deprecated;  // what the publisher said; usually empty
  // SHA-256 of the canonical JSON of the abbreviated form without `dist` and `deprecated`: all that
  // an installer obeys. It goes into the log.
  Sha256 digest;
};

// File name of the tarball in its URL: "base-1.0.0.tgz", without the scope.
std::string tarball_file_name(const std::string& package, const std::string& version);
// Its path below the base URL: "/@scope/base/-/base-1.0.0.tgz".
std::string tarball_path(const std::string& package, const std::string& version);

// Keeps every member it does not own, in the order sent. Fails where `bin` is over its bound.
Result<Fragments> make_fragments(Json manifest, const ManifestFacts& facts);

// What an installer needs of a version's members, in the order it is sent.
Json abbreviate(const Json& members);

// The readme of a version object, or of the whole document where the version has none; npm's
// sentence for a missing one counts as none. At most kMaxReadme bytes, cut between characters.
inline constexpr std::size_t kMaxReadme = 64 * 1024;
std::string readme_of(const Json& version, const Json& document);
std::string cut_text(std::string text, std::size_t max_bytes);

// The string member `name`, empty where absent or of another type.
std::string string_member(const Json& object, std::string_view name);

// `{"name": ..., "email": ...}`; clients print both, so both are always there.
Json to_json(const Person& person);

}  // namespace kontor::npm
