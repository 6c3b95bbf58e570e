#pragma once
// GitConnectionStore as rows.
#include "adapters/sqlite/session.h"
#include "ports/git_connection_store.h"

namespace kontor::sqlite {

class GitConnectionStore final : public kontor::GitConnectionStore {
 public:
  explicit GitConnectionStore(Session& session) : session_(session) {}

  Task<> put(GitConnection connection, Trail trail = {}) override;
  Task<std::optional<GitConnection>> find(UserId user) override;
  Task<bool> remove(UserId user, Trail trail = {}) override;

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
