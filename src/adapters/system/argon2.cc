// libsodium's calls in our types.
#include "adapters/system/argon2.h"

#include <sodium.h>

namespace kontor::host {
namespace {

// Verified against in place of a user who does not exist; nobody knows a password for it.
std::string dummy(const Argon2Cost& cost) {
  return "$argon2id$v=19$m=" + std::to_string(cost.memory / 1024) +
         ",t=" + std::to_string(cost.passes) +
         ",p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
}

}  // namespace

Result<std::string> argon2_hash(std::string& password, const Argon2Cost& cost) {
  char phc[crypto_pwhash_STRBYTES];
  const int failed = crypto_pwhash_str_alg(phc, password.data(), password.size(), cost.passes,
                                           cost.memory, crypto_pwhash_ALG_ARGON2ID13);
  sodium_memzero(password.data(), password.size());
  if (failed) return fail(Code::unavailable, {}, "argon2id: out of memory");
  return std::string(phc);
}

bool argon2_verify(const std::string& phc, std::string& password, const Argon2Cost& cost) {
  const std::string against = phc.empty() ? dummy(cost) : phc;
  const bool right =
      crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  sodium_memzero(password.data(), password.size());
  return right && !phc.empty();
}

bool argon2_outdated(const std::string& phc, const Argon2Cost& cost) {
  return crypto_pwhash_str_needs_rehash(phc.c_str(), cost.passes, cost.memory) != 0;
}

}  // namespace kontor::host
