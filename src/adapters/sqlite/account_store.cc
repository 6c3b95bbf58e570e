// Users and web logins.
#include "adapters/sqlite/account_store.h"

#include "adapters/sqlite/account_rows.h"

#include <algorithm>

namespace kontor::sqlite {
namespace {

constexpr const char* kUserByName =
    "SELECT id, name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision"
    " FROM users WHERE name = ?";
constexpr const char* kUserById =
    "SELECT id, name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision"
    " FROM users WHERE id = ?";
constexpr const char* kUsersAfter =
    "SELECT id, name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision"
    " FROM users WHERE name > ? ORDER BY name LIMIT ?";

User whole_user(const Row& row) {
  return read_user(row, 0);
}

Result<UserId> insert_user(Connection& db, const User& user) {
  const auto taken = db.exists("SELECT 1 FROM users WHERE name = ?", user.name);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return fail(Code::user_exists);
  auto done = db.run(
      "INSERT INTO users (name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
      " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
      user.name, user.email, user.password_hash, user.is_admin, user.profile, user.two_factor,
      Blob{user.totp_secret}, user.totp_pending, user.totp_last_step, user.totp_last_by,
      Blob{recovery_codes(user.recovery_codes)}, user.created, user.updated);
  if (!done) return fail(done);
  return UserId(db.last_row_id());
}

Result<void> replace_user(Connection& db, const User& user) {
  const auto email = db.one(
      "SELECT email FROM users WHERE id = ? AND revision = ?",
      [](const Row& row) { return row.text(0); }, user.id, user.revision);
  if (!email) return std::unexpected(email.error());
  if (!*email) return fail(Code::conflict);
  auto done = db.run(
      "UPDATE users SET email = ?, password_hash = ?, is_admin = ?, profile = ?, two_factor = ?,"
      " totp_secret = ?, totp_pending = ?, totp_last_step = ?, totp_last_by = ?,"
      " recovery_codes = ?, updated = ?, revision = revision + 1 WHERE id = ?",
      user.email, user.password_hash, user.is_admin, user.profile, user.two_factor,
      Blob{user.totp_secret}, user.totp_pending, user.totp_last_step, user.totp_last_by,
      Blob{recovery_codes(user.recovery_codes)}, user.updated, user.id);
  if (done && **email != user.email)
    done = db.run(
        "UPDATE packages SET revision = revision + 1 WHERE id IN"
        " (SELECT package FROM owners WHERE user = ?)",
        user.id);
  return done;
}

WebLogin read_login(const Row& row) {
  WebLogin login{row.digest<Sha256>(0), row.digest<Sha256>(1), row.time(2), std::nullopt};
  if (!row.is_null(3)) login.approved_by = UserId(row.integer(3));
  return login;
}

Result<std::optional<WebLogin>> load_login(Connection& db, const Sha256& id) {
  return db.one("SELECT id, page, expires, approved_by FROM web_logins WHERE id = ?", read_login,
                id);
}

Result<void> insert_login(Connection& db, const WebLogin& login) {
  const auto taken =
      db.exists("SELECT 1 FROM web_logins WHERE id = ? OR page = ?", login.id, login.page);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return fail(Code::conflict);
  const auto by = login.approved_by ? std::optional(login.approved_by->value) : std::nullopt;
  return db.run("INSERT INTO web_logins (id, page, expires, approved_by) VALUES (?, ?, ?, ?)",
                login.id, login.page, login.expires, by);
}

}  // namespace

Task<UserId> AccountStore::create_user(User user) {
  return session_.write<UserId>(
      [user = std::move(user)](Connection& db) { return insert_user(db, user); });
}

Task<std::optional<User>> AccountStore::find_user(std::string name) {
  co_return session_.reader().one(kUserByName, whole_user, name);
}

Task<std::optional<User>> AccountStore::find_user_by_id(UserId id) {
  co_return session_.reader().one(kUserById, whole_user, id);
}

Task<> AccountStore::update_user(User user) {
  return session_.write<void>(
      [user = std::move(user)](Connection& db) { return replace_user(db, user); });
}

Task<> AccountStore::remove_user(UserId id) {
  return session_.write<void>([id](Connection& db) { return remove_user_rows(db, id); });
}

Task<std::vector<User>> AccountStore::list_users(std::string after, std::uint32_t limit) {
  co_return session_.reader().all(kUsersAfter, whole_user, after, limit);
}

Task<std::uint64_t> AccountStore::count_users() {
  const auto count = co_await session_.reader().number("SELECT count(*) FROM users");
  co_return static_cast<std::uint64_t>(count.value_or(0));
}

Task<> AccountStore::put_web_login(WebLogin login) {
  return session_.write<void>([login](Connection& db) { return insert_login(db, login); });
}

Task<std::optional<WebLogin>> AccountStore::find_web_login(Sha256 id) {
  co_return load_login(session_.reader(), id);
}

Task<std::optional<WebLogin>> AccountStore::find_web_login_page(Sha256 page) {
  co_return session_.reader().one(
      "SELECT id, page, expires, approved_by FROM web_logins WHERE page = ?", read_login, page);
}

Task<bool> AccountStore::approve_web_login(Sha256 page, UserId user, Timestamp now) {
  return session_.write<bool>([page, user, now](Connection& db) -> Result<bool> {
    auto done = db.run(
        "UPDATE web_logins SET approved_by = ?1 WHERE page = ?2 AND approved_by IS NULL"
        " AND expires > ?3 AND EXISTS (SELECT 1 FROM users WHERE id = ?1)",
        user, page, now);
    if (!done) return fail(done);
    return db.changed_rows() > 0;
  });
}

Task<std::optional<WebLogin>> AccountStore::take_web_login(Sha256 id) {
  // Most polls find nothing to take, which the reader can tell.
  const auto seen = co_await load_login(session_.reader(), id);
  if (!seen || !seen->approved_by) co_return std::nullopt;
  co_return co_await session_.write<std::optional<WebLogin>>(
      [id](Connection& db) -> Result<std::optional<WebLogin>> {
        auto login = load_login(db, id);
        if (!login || !*login) return login;
        auto done = db.run("DELETE FROM web_logins WHERE id = ?", id);
        if (!done) return fail(done);
        return login;
      });
}

Task<> AccountStore::remove_expired_web_logins(Timestamp now) {
  return session_.write<void>(
      [now](Connection& db) { return db.run("DELETE FROM web_logins WHERE expires <= ?", now); });
}

}  // namespace kontor::sqlite
