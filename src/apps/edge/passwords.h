#pragma once
// argon2id with OWASP's smallest memory (19 MiB, 2 passes): an isolate has 128 MiB for everything.
// Hashing holds up the instance, which answers one request.
#include "adapters/system/argon2.h"
#include "ports/password_hasher.h"

namespace kontor::edge {

class Passwords final : public PasswordHasher {
 public:
  Task<std::string> hash(std::string password) override {
    co_return host::argon2_hash(password, kCost);
  }
  Task<bool> verify(std::string phc, std::string password) override {
    co_return host::argon2_verify(phc, password, kCost);
  }
  bool outdated(const std::string& phc) const override { return host::argon2_outdated(phc, kCost); }

 private:
  static constexpr host::Argon2Cost kCost{.passes = 2, .memory = std::size_t{19} << 20};
};

}  // namespace kontor::edge
