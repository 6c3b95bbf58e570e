#pragma once
// Who holds the keys that published versions are signed with. The core never sees a secret, and a
// signer never sees a text: it is told name, version and digest and writes the text itself, so that
// whoever takes over the core can have nothing else signed with these keys.
#include "base/bytes.h"
#include "base/digest.h"
#include "base/task.h"
#include "base/time.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

// A key for ECDSA on P-256 with SHA-256.
struct ReleaseKey {
  std::string id;    // "SHA256:" and the base64 of the digest of `public_key`, without padding
  Bytes public_key;  // SubjectPublicKeyInfo in DER
  std::optional<Timestamp> expires;  // set: signs no more, and counts for versions from before it
  bool operator==(const ReleaseKey&) const = default;
};

struct Release {
  std::string name;
  std::string version;
  Sha512 archive;
};

struct ReleaseSignature {
  std::string key_id;
  Bytes signature;  // over "<name>@<version>:sha512-<base64>", in DER
};

// Thread: one instance belongs to one loop.
class ReleaseSigner {
 public:
  virtual ~ReleaseSigner() = default;

  // Newest first; at least one, and all there ever were: a version may bear the signature of any.
  virtual Task<std::vector<ReleaseKey>> release_keys() = 0;
  // By the newest key. bad_request where name or version could not be one; unavailable where the
  // signer does not answer in time. A caller that counts the version as published at a time before
  // this call has a signature that no later rotation invalidates.
  virtual Task<ReleaseSignature> sign_release(Release release) = 0;
  // Makes a new key and lets the one before expire; its secret is destroyed. Durable on return;
  // after an error it may have happened all the same. too_large where there have been too many.
  // Yields the new key.
  virtual Task<ReleaseKey> rotate_release_key() = 0;
};

}  // namespace kontor
