#pragma once
// argon2id with the second recommended option of RFC 9106 (64 MiB, 3 passes, 1 lane), by libsodium.
#include "ports/loop.h"
#include "ports/password_hasher.h"

namespace kontor::host {

// One instance a loop, all on the same workers: their number bounds how many hashes run at once,
// 64 MiB each, and their queue how many may wait.
class Argon2Hasher final : public PasswordHasher {
 public:
  Argon2Hasher(Workers& workers, Loop& home);

  Task<std::string> hash(std::string password) override;
  Task<bool> verify(std::string phc, std::string password) override;
  bool outdated(const std::string& phc) const override;

 private:
  Workers& workers_;
  Loop& home_;
};

}  // namespace kontor::host
