#pragma once
// With which account at the git host a user is connected, and the token for it.
#include "base/bytes.h"
#include "base/task.h"
#include "domain/ids.h"
#include "ports/audit_entry.h"

#include <optional>
#include <string>

namespace kontor {

struct GitConnection {
  UserId user;
  std::string login;  // at the git host
  Bytes token;        // sealed (ports/secret_box.h)
  Timestamp connected;
};

// Thread: one instance belongs to one loop. Writes are durable when their task has succeeded, and
// so is their trail where something changed; after an error nothing has. A connection goes with its
// user (AccountStore::remove_user).
class GitConnectionStore {
 public:
  virtual ~GitConnectionStore() = default;
  // Replaces what was there; not_found where there is no such user.
  virtual Task<> put(GitConnection connection, Trail trail = {}) = 0;
  virtual Task<std::optional<GitConnection>> find(UserId user) = 0;
  // False where there is none.
  virtual Task<bool> remove(UserId user, Trail trail = {}) = 0;
};

}  // namespace kontor
