// Users, and the removal of what has expired.
#include "adapters/sqlite/account_store.h"

#include "adapters/sqlite/account_rows.h"
#include "adapters/sqlite/log_rows.h"
#include "adapters/sqlite/search_index.h"

#include <array>

namespace kontor::sqlite {
namespace {

constexpr const char* kUserByName =
    "SELECT id, name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision,"
    " account, sessions_since"
    " FROM users WHERE name = ?";
constexpr const char* kUserByFormerName =
    "SELECT u.id, u.name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision,"
    " account, sessions_since"
    " FROM former_names f JOIN users u ON u.id = f.user WHERE f.name = ?";
constexpr const char* kUserById =
    "SELECT id, name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision,"
    " account, sessions_since"
    " FROM users WHERE id = ?";
constexpr const char* kUsersAfter =
    "SELECT id, name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision,"
    " account, sessions_since"
    " FROM users WHERE name > ? ORDER BY name LIMIT ?";

constexpr const char* kUserOfSession =
    "SELECT id, name, email, password_hash, is_admin, profile, two_factor, totp_secret,"
    " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated, revision,"
    " account, sessions_since"
    " FROM users WHERE id = ? AND NOT EXISTS (SELECT 1 FROM revoked_sessions WHERE id = ?)";

User whole_user(const Row& row) {
  return read_user(row, 0);
}

// A name is free for `user` where nobody else has it or had it.
Result<void> check_name(Connection& db, const std::string& name, UserId user) {
  const auto taken = db.exists("SELECT 1 FROM users WHERE name = ? AND id <> ?", name, user);
  if (!taken) return std::unexpected(taken.error());
  const auto reserved =
      db.exists("SELECT 1 FROM former_names WHERE name = ? AND user <> ?", name, user);
  if (!reserved) return std::unexpected(reserved.error());
  if (*taken || *reserved) return fail(Code::user_exists);
  return {};
}

Result<UserId> insert_user(Connection& db, const User& user) {
  if (auto free = check_name(db, user.name, UserId(0)); !free) return fail(free);
  const auto newest = db.number("SELECT seq FROM sqlite_sequence WHERE name = 'users'");
  if (!newest) return std::unexpected(newest.error());
  const UserId id(newest->value_or(0) + 1);
  auto done = db.run(
      "INSERT INTO users (id, name, email, password_hash, is_admin, profile, two_factor, "
      "totp_secret,"
      " totp_pending, totp_last_step, totp_last_by, recovery_codes, created, updated,"
      " sessions_since, revision, account)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'acct_' || "
      "lower(hex(randomblob(16))))",
      id, user.name, user.email, user.password_hash, user.is_admin, user.profile, user.two_factor,
      Blob{user.totp_secret}, user.totp_pending, user.totp_last_step, user.totp_last_by,
      Blob{recovery_codes(user.recovery_codes)}, user.created, user.updated, user.sessions_since);
  if (!done) return fail(done);
  return id;
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
      " recovery_codes = ?, updated = ?, sessions_since = ?, revision = revision + 1 WHERE id = ?",
      user.email, user.password_hash, user.is_admin, user.profile, user.two_factor,
      Blob{user.totp_secret}, user.totp_pending, user.totp_last_step, user.totp_last_by,
      Blob{recovery_codes(user.recovery_codes)}, user.updated, user.sessions_since, user.id);
  if (done && **email != user.email)
    done = db.run(
        "UPDATE packages SET revision = revision + 1 WHERE id IN"
        " (SELECT package FROM owners WHERE user = ?)",
        user.id);
  return done;
}

Result<void> rename_user_row(Connection& db, const User& user) {
  const auto former = db.one(
      "SELECT name FROM users WHERE id = ?", [](const Row& row) { return row.text(0); }, user.id);
  if (!former) return std::unexpected(former.error());
  const auto shown = db.all(
      "SELECT package FROM owners WHERE user = ?1 UNION SELECT package FROM stars WHERE user = ?1",
      [](const Row& row) { return PackageId(row.integer(0)); }, user.id);
  if (!shown) return std::unexpected(shown.error());
  if (auto free = check_name(db, user.name, user.id); !free) return free;
  auto done = replace_user(db, user);
  if (!*former) return done;
  if (done) done = db.run("UPDATE users SET name = ? WHERE id = ?", user.name, user.id);
  if (done) done = db.run("DELETE FROM former_names WHERE name = ?", user.name);
  if (done && **former != user.name)
    done =
        db.run("INSERT OR REPLACE INTO former_names (name, user) VALUES (?, ?)", **former, user.id);
  for (const PackageId package : *shown) {
    if (done) done = db.run("UPDATE packages SET revision = revision + 1 WHERE id = ?", package);
    if (done) done = index_package(db, package);
  }
  return done;
}

// Whether that is news: the user exists, and the end of the session is not noted.
Result<bool> may_be_revoked(Connection& db, const RevokedSession& session) {
  return db.exists(
      "SELECT 1 FROM users WHERE id = ? AND NOT EXISTS"
      " (SELECT 1 FROM revoked_sessions WHERE id = ?)",
      session.user, session.id);
}

Result<void> insert_revoked_session(Connection& db, const RevokedSession& session, Timestamp now) {
  const auto noted =
      db.number("SELECT count(*) FROM revoked_sessions WHERE user = ?", session.user);
  if (!noted) return std::unexpected(noted.error());
  if (noted->value_or(0) < kMaxRevokedSessions)
    return db.run("INSERT INTO revoked_sessions (id, user, expires) VALUES (?, ?, ?)", session.id,
                  session.user, session.expires);
  auto done = db.run("UPDATE users SET sessions_since = ?, revision = revision + 1 WHERE id = ?",
                     now, session.user);
  if (done) done = db.run("DELETE FROM revoked_sessions WHERE user = ?", session.user);
  return done;
}

struct Expiring {
  const char* count;
  const char* remove;
};
constexpr std::array kExpiring = {
    Expiring{"SELECT count(*) FROM (SELECT 1 FROM tokens WHERE expires <= ? LIMIT ?)",
             "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE expires <= ? LIMIT ?)"},
    Expiring{"SELECT count(*) FROM (SELECT 1 FROM web_logins WHERE expires <= ? LIMIT ?)",
             "DELETE FROM web_logins WHERE id IN"
             " (SELECT id FROM web_logins WHERE expires <= ? LIMIT ?)"},
    Expiring{"SELECT count(*) FROM (SELECT 1 FROM revoked_sessions WHERE expires <= ? LIMIT ?)",
             "DELETE FROM revoked_sessions WHERE id IN"
             " (SELECT id FROM revoked_sessions WHERE expires <= ? LIMIT ?)"},
};

Result<std::uint64_t> remove_expired_rows(Connection& db, Timestamp now, std::uint32_t limit) {
  std::uint64_t removed = 0;
  for (const Expiring& table : kExpiring) {
    const auto count = db.number(table.count, now, limit);
    if (!count) return std::unexpected(count.error());
    if (count->value_or(0) == 0) continue;
    if (auto done = db.run(table.remove, now, limit); !done) return fail(done);
    removed += static_cast<std::uint64_t>(**count);
  }
  return removed;
}

}  // namespace

Task<UserId> AccountStore::create_user(User user, Trail trail) {
  return session_.write<UserId>(
      [user = std::move(user), trail = std::move(trail)](Connection& db) -> Result<UserId> {
        auto id = insert_user(db, user);
        if (!id) return id;
        if (auto done = add_trail(db, trail); !done) return fail(done);
        return id;
      });
}

Task<std::optional<User>> AccountStore::find_user(std::string name) {
  return session_.read(
      [name = std::move(name)](Connection& db) { return db.one(kUserByName, whole_user, name); });
}

Task<std::optional<User>> AccountStore::find_user_by_id(UserId id) {
  return session_.read([id](Connection& db) { return db.one(kUserById, whole_user, id); });
}

Task<> AccountStore::update_user(User user, Trail trail) {
  return session_.write<void>([user = std::move(user), trail = std::move(trail)](Connection& db) {
    auto done = replace_user(db, user);
    return done ? add_trail(db, trail) : done;
  });
}

Task<> AccountStore::rename_user(User user, Trail trail) {
  return session_.write<void>([user = std::move(user), trail = std::move(trail)](Connection& db) {
    auto done = rename_user_row(db, user);
    return done ? add_trail(db, trail) : done;
  });
}

Task<std::optional<User>> AccountStore::find_renamed_user(std::string former) {
  return session_.read([former = std::move(former)](Connection& db) {
    return db.one(kUserByFormerName, whole_user, former);
  });
}

Task<> AccountStore::remove_user(UserId id, Trail trail) {
  return session_.write<void>([id, trail = std::move(trail)](Connection& db) -> Result<void> {
    const auto there = db.exists("SELECT 1 FROM users WHERE id = ?", id);
    if (!there) return std::unexpected(there.error());
    if (!*there) return {};
    auto events = events_of_removal(db, id, trail.by);
    if (!events) return fail(events);
    Trail whole = trail;
    whole.log.insert(whole.log.end(), events->begin(), events->end());
    auto done = add_trail(db, whole);
    return done ? remove_user_rows(db, id) : done;
  });
}

Task<std::vector<User>> AccountStore::list_users(std::string after, std::uint32_t limit) {
  return session_.read([after = std::move(after), limit](Connection& db) {
    return db.all(kUsersAfter, whole_user, after, limit);
  });
}

Task<std::uint64_t> AccountStore::count_users() {
  const auto count = co_await session_.read(
      [](Connection& db) { return db.number("SELECT count(*) FROM users"); });
  co_return static_cast<std::uint64_t>(count.value_or(0));
}

Task<std::optional<User>> AccountStore::find_session_user(UserId user, std::string session) {
  return session_.read([user, session = std::move(session)](Connection& db) {
    return db.one(kUserOfSession, whole_user, user, session);
  });
}

Task<> AccountStore::revoke_session(RevokedSession session, Timestamp now, Trail trail) {
  return session_.write<void>([session = std::move(session), now,
                               trail = std::move(trail)](Connection& db) -> Result<void> {
    const auto news = may_be_revoked(db, session);
    if (!news) return std::unexpected(news.error());
    if (!*news) return {};
    auto done = insert_revoked_session(db, session, now);
    return done ? add_trail(db, trail) : done;
  });
}

Task<std::uint64_t> AccountStore::remove_expired(Timestamp now, std::uint32_t limit) {
  // What has expired is refused with its row as without: nothing that is remembered changes.
  return session_.write<std::uint64_t>(
      [now, limit](Connection& db) { return remove_expired_rows(db, now, limit); },
      ChangeStamps::kNothing);
}

}  // namespace kontor::sqlite
