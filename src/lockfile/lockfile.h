#pragma once
// What a lockfile says will be installed: archives under names and versions. One reader a format,
// all with the same result. Lockfiles come with repositories of strangers: sizes are bounded, and
// what two readers could read differently (a key twice) is refused.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::lockfile {

enum class Kind : std::uint8_t { npm, pnpm, yarn1, yarn_berry, bun, ori };

inline constexpr std::size_t kMaxLockfileBytes = 64u << 20;
inline constexpr std::size_t kMaxEntries = 200'000;

// An archive out of a registry.
struct Locked {
  std::string place;  // the entry's key, for messages
  std::string name;   // of the package itself, where the entry installs it under an alias
  std::string version;
  std::string integrity;  // subresource integrity of the archive's bytes; empty: none is locked
  std::string url;        // where the client has it from; empty: the registry's own place
  bool operator==(const Locked&) const = default;
};

// An entry that no registry's archive stands behind.
struct Other {
  enum class Why : std::uint8_t {
    local,    // a workspace, link or folder of this machine: nothing is fetched
    foreign,  // fetched, but from a version control system or an address instead of a registry
  };
  std::string place;
  Why why = Why::local;
  bool operator==(const Other&) const = default;
};

struct Lockfile {
  Kind kind = Kind::npm;
  std::vector<Locked> archives;
  std::vector<Other> others;
};

// The format of packages that the lockfile installs, as leaves of the log spell it: "npm", "ori".
std::string_view format_of(Kind kind);
// Whether the format can hold checksums of archives. Yarn berry's are those of the files it unpacks
// and packs anew, which nobody but yarn itself can compute.
bool has_integrity(Kind kind);

// By its name (the last part of `path`), and for yarn.lock by its content. bad_request where it is
// none of those that are read.
Result<Kind> kind_of(std::string_view path, ByteView text);

// bad_request or invalid_json for what is no lockfile of that kind, and for versions of the format
// that are not known; too_large over the limits.
Result<Lockfile> read_lockfile(Kind kind, ByteView text);

}  // namespace kontor::lockfile
