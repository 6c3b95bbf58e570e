// Hashing is posted to the workers, its result back to the loop.
#include "adapters/system/argon2_hasher.h"

#include "adapters/system/argon2.h"
#include "base/check.h"
#include "ports/run_on.h"

#include <sodium.h>

namespace kontor::host {
namespace {

constexpr Argon2Cost kCost;

}  // namespace

Argon2Hasher::Argon2Hasher(Workers& workers, Loop& home) : workers_(workers), home_(home) {
  check(sodium_init() >= 0, "libsodium cannot be initialised");
}

Task<std::string> Argon2Hasher::hash(std::string password) {
  return run_on<std::string>(workers_, home_, [password = std::move(password)]() mutable {
    return argon2_hash(password, kCost);
  });
}

Task<bool> Argon2Hasher::verify(std::string phc, std::string password) {
  return run_on<bool>(workers_, home_,
                      [phc = std::move(phc), password = std::move(password)]() mutable {
                        return Result<bool>(argon2_verify(phc, password, kCost));
                      });
}

bool Argon2Hasher::outdated(const std::string& phc) const {
  return argon2_outdated(phc, kCost);
}

}  // namespace kontor::host
