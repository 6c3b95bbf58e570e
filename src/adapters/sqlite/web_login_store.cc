// Logins through the browser. They wait for minutes and are few: their number is limited at each
// insertion, which counts them by an index.
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {
namespace {

WebLogin read_login(const Row& row) {
  WebLogin login{row.digest<Sha256>(0), row.digest<Sha256>(1), row.text(2), row.time(3), {}};
  if (!row.is_null(4)) login.approved_by = UserId(row.integer(4));
  return login;
}

Result<std::optional<WebLogin>> load_login(Connection& db, const Sha256& id) {
  return db.one("SELECT id, page, client, expires, approved_by FROM web_logins WHERE id = ?",
                read_login, id);
}

// When the first of the logins that `limits` count together expires; nothing where one more may
// wait.
Result<std::optional<Timestamp>> time_to_wait(Connection& db, const std::string& client,
                                              WebLoginLimits limits, Timestamp now) {
  const auto counted = [](const Row& row) { return std::pair(row.count(0), row.time(1)); };
  const auto mine =
      db.one("SELECT count(*), min(expires) FROM web_logins WHERE client = ? AND expires > ?",
             counted, client, now);
  if (!mine) return std::unexpected(mine.error());
  if (*mine && (*mine)->first >= limits.per_client) return (*mine)->second;
  const auto all =
      db.one("SELECT count(*), min(expires) FROM web_logins WHERE expires > ?", counted, now);
  if (!all) return std::unexpected(all.error());
  if (*all && (*all)->first >= limits.in_all) return (*all)->second;
  return std::nullopt;
}

Result<std::optional<Timestamp>> insert_login(Connection& db, const WebLogin& login,
                                              WebLoginLimits limits, Timestamp now) {
  const auto taken =
      db.exists("SELECT 1 FROM web_logins WHERE id = ? OR page = ?", login.id, login.page);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return fail(Code::conflict);
  if (auto done = db.run("DELETE FROM web_logins WHERE expires <= ?", now); !done)
    return fail(done);
  auto wait = time_to_wait(db, login.client, limits, now);
  if (!wait || *wait) return wait;
  const auto by = login.approved_by ? std::optional(login.approved_by->value) : std::nullopt;
  auto done = db.run(
      "INSERT INTO web_logins (id, page, client, expires, approved_by) VALUES (?, ?, ?, ?, ?)",
      login.id, login.page, login.client, login.expires, by);
  if (!done) return fail(done);
  return std::nullopt;
}

}  // namespace

Task<std::optional<Timestamp>> AccountStore::put_web_login(WebLogin login, WebLoginLimits limits,
                                                           Timestamp now) {
  return session_.write<std::optional<Timestamp>>(
      [login = std::move(login), limits, now](Connection& db) {
        return insert_login(db, login, limits, now);
      },
      ChangeStamps::kNothing);
}

Task<std::optional<WebLogin>> AccountStore::find_web_login(Sha256 id) {
  return session_.read([id](Connection& db) { return load_login(db, id); });
}

Task<std::optional<WebLogin>> AccountStore::find_web_login_page(Sha256 page) {
  return session_.read([page](Connection& db) {
    return db.one("SELECT id, page, client, expires, approved_by FROM web_logins WHERE page = ?",
                  read_login, page);
  });
}

Task<bool> AccountStore::approve_web_login(Sha256 page, UserId user, Timestamp now, Trail trail) {
  return session_.write<bool>(
      [page, user, now, trail = std::move(trail)](Connection& db) -> Result<bool> {
        const auto open = db.exists(
            "SELECT 1 FROM web_logins WHERE page = ?2 AND approved_by IS NULL"
            " AND expires > ?3 AND EXISTS (SELECT 1 FROM users WHERE id = ?1)",
            user, page, now);
        if (!open || !*open) return open;
        auto done = db.run("UPDATE web_logins SET approved_by = ? WHERE page = ?", user, page);
        if (done) done = add_trail(db, trail);
        if (!done) return fail(done);
        return true;
      },
      ChangeStamps::kNothing);
}

Task<std::optional<WebLogin>> AccountStore::take_web_login(Sha256 id) {
  // Most polls find nothing to take, which the reader can tell.
  const auto seen = co_await session_.read([id](Connection& db) { return load_login(db, id); });
  if (!seen || !seen->approved_by) co_return std::nullopt;
  co_return co_await session_.write<std::optional<WebLogin>>(
      [id](Connection& db) -> Result<std::optional<WebLogin>> {
        auto login = load_login(db, id);
        if (!login || !*login) return login;
        auto done = db.run("DELETE FROM web_logins WHERE id = ?", id);
        if (!done) return fail(done);
        return login;
      },
      ChangeStamps::kNothing);
}

}  // namespace kontor::sqlite
