#pragma once
// GitConnectionStore in memory.
#include "adapters/memory/database.h"
#include "adapters/memory/log_store.h"
#include "ports/git_connection_store.h"

namespace kontor::memory {

class GitConnectionStore final : public kontor::GitConnectionStore {
 public:
  explicit GitConnectionStore(Database& database) : database_(database) {}

  Task<> put(GitConnection connection, Trail trail = {}) override {
    if (!database_.users.contains(connection.user)) co_return fail(Code::not_found);
    co_await append_trail(database_, trail);
    database_.git_connections.insert_or_assign(connection.user, std::move(connection));
    co_return {};
  }
  Task<std::optional<GitConnection>> find(UserId user) override {
    const auto it = database_.git_connections.find(user);
    co_return it == database_.git_connections.end() ? std::nullopt : std::optional(it->second);
  }
  Task<bool> remove(UserId user, Trail trail = {}) override {
    if (!database_.git_connections.contains(user)) co_return false;
    co_await append_trail(database_, trail);
    database_.git_connections.erase(user);
    co_return true;
  }

 private:
  Database& database_;
};

}  // namespace kontor::memory
