// Tokens.
#include "adapters/sqlite/account_rows.h"
#include "adapters/sqlite/account_store.h"
#include "adapters/sqlite/log_rows.h"

namespace kontor::sqlite {
namespace {

constexpr const char* kTokenBySecret =
    "SELECT t.key, t.secret, t.user, t.name, t.shown, t.rights, t.cidrs, t.packages,"
    " t.bypass_two_factor, t.created, t.expires, t.last_used, u.id, u.name, u.email,"
    " u.password_hash, u.is_admin, u.profile, u.two_factor, u.totp_secret, u.totp_pending,"
    " u.totp_last_step, u.totp_last_by, u.recovery_codes, u.created, u.updated, u.revision,"
    " u.account, u.sessions_since"
    " FROM tokens t JOIN users u ON u.id = t.user WHERE t.secret = ?";
constexpr const char* kTokensOfUser =
    "SELECT key, secret, user, name, shown, rights, cidrs, packages, bypass_two_factor, created,"
    " expires, last_used FROM tokens WHERE user = ? ORDER BY created DESC, key DESC"
    " LIMIT ? OFFSET ?";

Result<void> insert_token(Connection& db, const TokenRecord& token) {
  const auto user = db.exists("SELECT 1 FROM users WHERE id = ?", token.user);
  if (!user) return std::unexpected(user.error());
  if (!*user) return fail(Code::not_found, "No such user.");
  const auto taken =
      db.exists("SELECT 1 FROM tokens WHERE key = ? OR secret = ?", token.key, token.secret);
  if (!taken) return std::unexpected(taken.error());
  if (*taken) return fail(Code::conflict);
  return db.run(
      "INSERT INTO tokens (key, secret, user, name, shown, rights, cidrs, packages,"
      " bypass_two_factor, created, expires, last_used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?)",
      token.key, token.secret, token.user, token.name, token.shown, token.rights,
      list_text(token.cidrs), list_text(token.packages), token.bypass_two_factor, token.created,
      token.expires, token.last_used);
}

}  // namespace

Task<> AccountStore::put_token(TokenRecord token, Trail trail) {
  return session_.write<void>([token = std::move(token), trail = std::move(trail)](Connection& db) {
    auto done = insert_token(db, token);
    return done ? add_trail(db, trail) : done;
  });
}

Task<std::optional<TokenOwner>> AccountStore::find_token(Sha256 secret) {
  return session_.read([secret](Connection& db) {
    return db.one(
        kTokenBySecret,
        [](const Row& row) { return TokenOwner{read_token(row), read_user(row, kTokenColumns)}; },
        secret);
  });
}

Task<TokenPage> AccountStore::list_tokens(UserId user, std::uint32_t offset, std::uint32_t limit) {
  return session_.read([user, offset, limit](Connection& db) -> Result<TokenPage> {
    const Snapshot snapshot(db);
    const auto total = db.number("SELECT count(*) FROM tokens WHERE user = ?", user);
    if (!total) return std::unexpected(total.error());
    auto tokens = db.all(kTokensOfUser, read_token, user, limit, offset);
    if (!tokens) return fail(tokens);
    return TokenPage{std::move(*tokens), static_cast<std::uint64_t>(total->value_or(0))};
  });
}

Task<bool> AccountStore::remove_token(UserId user, std::string key, Trail trail) {
  return session_.write<bool>(
      [user, key = std::move(key), trail = std::move(trail)](Connection& db) -> Result<bool> {
        const auto found = db.exists("SELECT 1 FROM tokens WHERE user = ? AND key = ?", user, key);
        if (!found || !*found) return found;
        auto done = db.run("DELETE FROM tokens WHERE user = ? AND key = ?", user, key);
        if (done) done = add_trail(db, trail);
        if (!done) return fail(done);
        return true;
      });
}

Task<> AccountStore::touch_token(std::string key, Timestamp used) {
  // The reader tells most calls apart from the one a minute that writes.
  const bool due = co_await session_.read([key, used](Connection& db) {
    return db.exists(
        "SELECT 1 FROM tokens WHERE key = ? AND (last_used IS NULL OR last_used + 60000 <= ?)", key,
        used);
  });
  if (!due) co_return {};
  co_return co_await whole(session_.write<void>(
      [key = std::move(key), used](Connection& db) {
        return db.run(
            "UPDATE tokens SET last_used = ?2 WHERE key = ?1"
            " AND (last_used IS NULL OR last_used + 60000 <= ?2)",
            key, used);
      },
      ChangeStamps::kNothing));
}

}  // namespace kontor::sqlite
