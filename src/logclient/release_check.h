#pragma once
// Whether a release is what the log says of it: leaf, checksums, bytes.
#include "base/digest.h"
#include "tlog/leaf.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace kontor::logclient {

// Which release; the package's name is canonical.
struct Release {
  tlog::PackageRef package;
  std::string version;
  std::string text() const { return package.name + "@" + version; }
  auto operator<=>(const Release& other) const {
    return std::tie(package.format, package.name, version) <=>
           std::tie(other.package.format, other.package.name, other.version);
  }
  bool operator==(const Release&) const = default;
};

// What subresource integrity text says ("sha512-... sha1-..."), of its strongest kind alone. Empty
// where it names no algorithm that is known here.
struct Integrity {
  std::vector<Sha512> sha512;
  std::vector<Sha256> sha256;
  std::vector<Sha1> sha1;
  bool empty() const { return sha512.empty() && sha256.empty() && sha1.empty(); }
};
Integrity parse_integrity(std::string_view text);

// What bytes are, as somebody with a fast hash has found out.
struct ArchiveDigests {
  std::uint64_t size = 0;
  Sha1 sha1;
  Sha256 sha256;
  Sha512 sha512;
};

// The archive that the leaf says this release has. bad_request where it is no leaf, invalid_proof
// where it tells of something else than the publishing of this release.
Result<tlog::Archive> logged_archive(ByteView leaf, const Release& release);

// How far an integrity text goes: `proved` is by the log's own hashes; a SHA-1 or an unknown
// algorithm proves nothing.
enum class Strength : std::uint8_t { proved, unproved };

// checksum_mismatch with both hashes where `text` contradicts the log; `where` says what holds it,
// as in "the packument".
Result<Strength> check_integrity(const tlog::Archive& logged, std::string_view text,
                                 std::string_view where);
// checksum_mismatch with both hashes where the bytes are not those that were logged, or do not have
// the integrity `text`, which may be empty.
Result<void> check_bytes(const tlog::Archive& logged, const ArchiveDigests& bytes,
                         std::string_view where);
Result<void> check_bytes(std::string_view text, const ArchiveDigests& bytes,
                         std::string_view where);

}  // namespace kontor::logclient
