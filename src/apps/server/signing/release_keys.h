#pragma once
// The keys that published versions are signed with: ECDSA on P-256, as npm checks it. The newest
// signs. Of those before it only the public halves are kept, with the time until which they count.
//
// File: npm.key, newest first, a line each: "active <base64 of PKCS #8>", then "expired
// <milliseconds since 1970> <base64 of SubjectPublicKeyInfo>".
#include "apps/server/signing/key_files.h"
#include "ports/release_signer.h"

#include <openssl/types.h>

#include <memory>
#include <mutex>
#include <vector>

namespace kontor::signing {

// Any thread.
class ReleaseKeys {
 public:
  // Reads the file; makes a key where there is none. unavailable, with a sentence, where the file
  // is not what it should be.
  static Result<std::unique_ptr<ReleaseKeys>> open(const KeyFolder& folder);

  // See ports/release_signer.h.
  std::vector<ReleaseKey> keys();
  Result<ReleaseSignature> sign(const Release& release);
  Result<ReleaseKey> rotate(Timestamp now);

 private:
  using Secret = std::shared_ptr<EVP_PKEY>;

  explicit ReleaseKeys(KeyFolder folder) : folder_(std::move(folder)) {}
  static Result<Secret> make_secret();
  Result<void> read(ByteView text);
  Result<void> write(const EVP_PKEY& secret, const std::vector<ReleaseKey>& keys) const;

  const KeyFolder folder_;
  std::mutex mutex_;
  Secret secret_;
  std::vector<ReleaseKey> keys_;  // newest first
};

}  // namespace kontor::signing
