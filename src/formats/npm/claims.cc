// Length, then SHA-1, then the hashes of the integrity text.
#include "formats/npm/claims.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "formats/npm/manifest.h"

namespace kontor::npm {
namespace {

enum class Verdict { not_stated, fits, differs };

// Looks at the hashes of one algorithm in "sha512-... sha1-...?option".
Verdict judge(std::string_view integrity, std::string_view algorithm, const std::string& base64) {
  Verdict verdict = Verdict::not_stated;
  while (!integrity.empty()) {
    const auto end = std::min(integrity.find_first_of(" \t\r\n"), integrity.size());
    auto hash = integrity.substr(0, end);
    integrity.remove_prefix(std::min(end + 1, integrity.size()));
    if (!hash.starts_with(algorithm)) continue;
    hash.remove_prefix(algorithm.size());
    if (hash.substr(0, hash.find('?')) == base64) return Verdict::fits;
    verdict = Verdict::differs;
  }
  return verdict;
}

std::unexpected<Error> differs(std::string_view what) {
  return fail(Code::checksum_mismatch, "The tarball does not have the stated " +
                                           std::string(what) + "; pack and publish again.");
}

}  // namespace

Result<void> check_claims(const Attachment& tarball, const Json& dist, const BlobDigests& archive) {
  if (tarball.declared_length && *tarball.declared_length != archive.size) return differs("length");
  const auto shasum = string_member(dist, "shasum");
  if (!shasum.empty() && !equal_ignoring_case(shasum, archive.sha1.hex())) return differs("shasum");
  const std::array<std::pair<std::string_view, std::string>, 3> known = {{
      {"sha512-", archive.sha512.base64()},
      {"sha256-", archive.sha256.base64()},
      {"sha1-", archive.sha1.base64()},
  }};
  const auto integrity = string_member(dist, "integrity");
  for (const auto& [algorithm, base64] : known)
    if (judge(integrity, algorithm, base64) == Verdict::differs) return differs("integrity");
  return {};
}

}  // namespace kontor::npm
