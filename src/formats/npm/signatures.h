#pragma once
// The registry's signatures of versions: `dist.signatures` in manifests, the keys that clients
// check them with, and the versions that were published before there were any. They are made once
// and stored, so that no read signs.
#include "base/json.h"
#include "formats/npm/service.h"

#include <cstdint>
#include <string>

namespace kontor::npm {

// The version with the signature in both fragments.
Task<VersionRecord> signed_version(ReleaseSigner& signer, std::string package,
                                   VersionRecord version);

// {"keys": [...]}, as clients read it.
Json describe_keys(const std::vector<ReleaseKey>& keys);

// Signs all stored versions that lack a signature, and yields how many these were. What a change of
// somebody else's gets in the way of is left for the next call.
Task<std::uint64_t> sign_stored_versions(Registry& registry, ReleaseSigner& signer);

}  // namespace kontor::npm
