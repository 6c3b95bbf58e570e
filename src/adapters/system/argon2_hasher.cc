// Passwords are wiped from the worker's copy as soon as they are hashed.
#include "adapters/system/argon2_hasher.h"

#include "base/check.h"
#include "ports/run_on.h"

#include <sodium.h>

namespace kontor::host {
namespace {

constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemory = std::size_t{64} << 20;

// Verified against in place of a user who does not exist; nobody knows a password for it.
constexpr const char* kDummy =
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

Result<std::string> hash_now(std::string& password) {
  char phc[crypto_pwhash_STRBYTES];
  const int failed = crypto_pwhash_str_alg(phc, password.data(), password.size(), kPasses, kMemory,
                                           crypto_pwhash_ALG_ARGON2ID13);
  sodium_memzero(password.data(), password.size());
  if (failed) return fail(Code::unavailable, {}, "argon2id: out of memory");
  return std::string(phc);
}

Result<bool> verify_now(const std::string& phc, std::string& password) {
  const std::string& against = phc.empty() ? std::string(kDummy) : phc;
  const bool right =
      crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  sodium_memzero(password.data(), password.size());
  return right && !phc.empty();
}

}  // namespace

Argon2Hasher::Argon2Hasher(Workers& workers, Loop& home) : workers_(workers), home_(home) {
  check(sodium_init() >= 0, "libsodium cannot be initialised");
}

Task<std::string> Argon2Hasher::hash(std::string password) {
  return run_on<std::string>(
      workers_, home_, [password = std::move(password)]() mutable { return hash_now(password); });
}

Task<bool> Argon2Hasher::verify(std::string phc, std::string password) {
  return run_on<bool>(workers_, home_,
                      [phc = std::move(phc), password = std::move(password)]() mutable {
                        return verify_now(phc, password);
                      });
}

bool Argon2Hasher::outdated(const std::string& phc) const {
  return crypto_pwhash_str_needs_rehash(phc.c_str(), kPasses, kMemory) != 0;
}

}  // namespace kontor::host
