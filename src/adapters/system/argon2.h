#pragma once
// argon2id by libsodium. Passwords are wiped from the given copy as soon as they are hashed.
#include "base/error.h"

#include <string>

namespace kontor::host {

struct Argon2Cost {
  unsigned long long passes = 3;
  std::size_t memory = std::size_t{64} << 20;  // bytes
};

// PHC string. unavailable where the memory cannot be had.
Result<std::string> argon2_hash(std::string& password, const Argon2Cost& cost);
// An empty `phc` costs what `cost` says and is never right.
bool argon2_verify(const std::string& phc, std::string& password, const Argon2Cost& cost);
bool argon2_outdated(const std::string& phc, const Argon2Cost& cost);

}  // namespace kontor::host
