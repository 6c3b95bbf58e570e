// One row a user; account_store.cc removes it with the user.
#include "adapters/sqlite/git_connection_store.h"

#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {

Task<> GitConnectionStore::put(GitConnection connection, Trail trail) {
  return session_.write<void>(
      [connection = std::move(connection),
       trail = std::move(trail)](Connection& db) -> Result<void> {
        const auto there = db.exists("SELECT 1 FROM users WHERE id = ?", connection.user);
        if (!there) return std::unexpected(there.error());
        if (!*there) return fail(Code::not_found);
        if (auto told = add_trail(db, trail); !told) return told;
        return db.run(
            "INSERT OR REPLACE INTO git_connections (user, login, token, connected)"
            " VALUES (?, ?, ?, ?)",
            connection.user, connection.login, Blob{connection.token}, connection.connected);
      },
      ChangeStamps::kNothing);
}

Task<std::optional<GitConnection>> GitConnectionStore::find(UserId user) {
  return session_.read([user](Connection& db) {
    return db.one(
        "SELECT login, token, connected FROM git_connections WHERE user = ?",
        [user](const Row& row) {
          return GitConnection{user, row.text(0), row.text(1), row.time(2)};
        },
        user);
  });
}

Task<bool> GitConnectionStore::remove(UserId user, Trail trail) {
  return session_.write<bool>(
      [user, trail = std::move(trail)](Connection& db) -> Result<bool> {
        const auto there = db.exists("SELECT 1 FROM git_connections WHERE user = ?", user);
        if (!there || !*there) return there;
        auto done = add_trail(db, trail);
        if (done) done = db.run("DELETE FROM git_connections WHERE user = ?", user);
        if (!done) return fail(done);
        return true;
      },
      ChangeStamps::kNothing);
}

}  // namespace kontor::sqlite
