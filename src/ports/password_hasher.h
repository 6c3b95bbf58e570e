#pragma once
// Slow password hashing (argon2id, RFC 9106), off the event loop and bounded.
#include <string>

#include "base/task.h"

namespace kontor {

class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  // PHC string. `unavailable` when too many hashes are waiting.
  virtual Task<std::string> hash(std::string password) = 0;
  // An empty `phc` costs the same time and is never right, so that unknown users cannot be told
  // from wrong passwords.
  virtual Task<bool> verify(std::string phc, std::string password) = 0;
  // Whether `phc` was made with weaker parameters than today's.
  virtual bool outdated(const std::string& phc) const = 0;
};

}  // namespace kontor
