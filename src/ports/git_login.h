#pragma once
// Logging in at a git host by its own pages: OAuth's authorization code grant with PKCE (RFC 6749,
// RFC 7636), in which the registry is the client. Row PRG-10.
#include "base/task.h"

#include <string>

namespace kontor {

struct GitLoginQuestion {
  std::string back;       // where the host sends the browser with its answer
  std::string state;      // comes back with it
  std::string challenge;  // base64url of the SHA-256 of the verifier
};

struct GitLoginAnswer {
  std::string code;
  std::string verifier;
  std::string back;  // as in the question
};

// Thread: one instance belongs to one loop.
class GitLogin {
 public:
  virtual ~GitLogin() = default;
  // The host's page that asks the person.
  virtual std::string page(const GitLoginQuestion& question) const = 0;
  // The token that the code stands for. forbidden where the host does not take the code,
  // unavailable where it answers otherwise than expected or not at all.
  virtual Task<std::string> token_for(GitLoginAnswer answer) = 0;
};

}  // namespace kontor
