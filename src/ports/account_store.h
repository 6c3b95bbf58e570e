#pragma once
// Users, tokens and pending web logins.
#include "base/digest.h"
#include "base/task.h"
#include "base/time.h"
#include "domain/ids.h"
#include "domain/principal.h"
#include "ports/audit_entry.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

struct User {
  UserId id;
  std::string account;  // "acct_...": names the person in logs; chosen by the store, unique
  std::string name;     // changes by rename_user() alone
  std::string email;
  std::string password_hash;  // PHC string; empty: no password login
  bool is_admin = false;
  std::string profile;  // JSON object of free profile fields (fullname, homepage, ...)
  TwoFactorMode two_factor = TwoFactorMode::off;
  std::string totp_secret;             // sealed (ports/secret_box.h); empty: none
  bool totp_pending = false;           // secret shown, not yet confirmed
  std::int64_t totp_last_step = 0;     // replay guard: step of the newest password accepted
  std::string totp_last_by;            // whose it was: token key or address, opaque to the store
  std::vector<Sha256> recovery_codes;  // unused ones
  Timestamp created;
  Timestamp updated;
  Timestamp sessions_since;    // signed sessions issued until then are void
  std::uint64_t revision = 0;  // rises with every change
};

struct TokenRecord {
  std::string key;  // public id, unique, hex
  Sha256 secret;    // of the whole token text; the text itself is never stored
  UserId user;
  std::string name;   // given by its owner; may be empty
  std::string shown;  // first characters of the token text, for lists
  TokenRights rights = TokenRights::full;
  std::vector<std::string> cidrs;     // empty: any address
  std::vector<std::string> packages;  // patterns; empty: all
  bool bypass_two_factor = false;     // automation
  Timestamp created;
  std::optional<Timestamp> expires;
  std::optional<Timestamp> last_used;  // to the minute at best
};

struct TokenOwner {
  TokenRecord token;
  User user;
};

struct TokenPage {
  std::vector<TokenRecord> tokens;  // newest first
  std::uint64_t total = 0;
};

// The end of a signed session (registry/sessions.h), noted until the session would have expired.
struct RevokedSession {
  std::string id;
  UserId user;
  Timestamp expires;
};
inline constexpr std::uint32_t kMaxRevokedSessions = 1000;  // noted of one user

// A login through the browser, from its start to the first poll after approval.
struct WebLogin {
  Sha256 id;           // of the secret in the poll URL
  Sha256 page;         // of the secret in the page URL
  std::string client;  // whom limits per address mean: client_group() of who started it
  Timestamp expires;
  std::optional<UserId> approved_by;
};

// How many web logins may wait: anybody may start one.
struct WebLoginLimits {
  std::uint32_t per_client = 0;
  std::uint32_t in_all = 0;
};

// Thread: one instance belongs to one loop. Writes are durable when their task has succeeded, and
// so is the trail of those that changed something; after an error neither has happened.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  // `id` and `account` are ignored and chosen by the store. user_exists where the name is taken, or
  // was somebody's before.
  virtual Task<UserId> create_user(User user, Trail trail = {}) = 0;
  virtual Task<std::optional<User>> find_user(std::string name) = 0;
  virtual Task<std::optional<User>> find_user_by_id(UserId id) = 0;
  // Replaces the row but for name and time of creation; conflict unless its revision is still
  // `user.revision`. A new email raises the revision of the packages the user has a role on.
  virtual Task<> update_user(User user, Trail trail = {}) = 0;
  // As update_user(), and the user has `user.name` from now on. user_exists where somebody else has
  // it or had it. The name before stays reserved for ever, also when the user is gone. Raises the
  // revision of the packages where the user has a role or a star.
  virtual Task<> rename_user(User user, Trail trail = {}) = 0;
  // Whose name it was before; nothing where it was nobody's, or that user is gone.
  virtual Task<std::optional<User>> find_renamed_user(std::string former) = 0;
  // Removes the user and all tokens; package roles and stars vanish with it. A leaf by trail.by
  // tells of each role and each token that goes. Succeeds where absent. Ids are never used again.
  virtual Task<> remove_user(UserId id, Trail trail = {}) = 0;
  // By name, those greater than `after`.
  virtual Task<std::vector<User>> list_users(std::string after, std::uint32_t limit) = 0;
  virtual Task<std::uint64_t> count_users() = 0;

  // conflict where key or secret are taken, not_found where the user does not exist.
  virtual Task<> put_token(TokenRecord token, Trail trail = {}) = 0;
  // Expired ones are found too; the caller judges.
  virtual Task<std::optional<TokenOwner>> find_token(Sha256 secret) = 0;
  virtual Task<TokenPage> list_tokens(UserId user, std::uint32_t offset, std::uint32_t limit) = 0;
  // False where the user has no such token.
  virtual Task<bool> remove_token(UserId user, std::string key, Trail trail = {}) = 0;
  // Succeeds where absent. Costs a write once a minute per token at most.
  virtual Task<> touch_token(std::string key, Timestamp used) = 0;

  // The user of a signed session, by indexed reads alone: every request asks. Nothing where the
  // session was revoked or the user is gone.
  virtual Task<std::optional<User>> find_session_user(UserId user, std::string session) = 0;
  // Notes that a session has ended; succeeds where that is noted or the user is gone. Where
  // kMaxRevokedSessions of the user are noted, all sessions of the user issued until `now` end
  // instead and the notes are dropped: the list stays bounded.
  virtual Task<> revoke_session(RevokedSession session, Timestamp now, Trail trail = {}) = 0;

  // Removes those that have expired at `now`, so that there are never more than limits.in_all.
  // Yields nothing where the login is stored; where as many as `limits` permit are there already,
  // the time at which the first of them expires. conflict where id or page are taken.
  virtual Task<std::optional<Timestamp>> put_web_login(WebLogin login, WebLoginLimits limits,
                                                       Timestamp now) = 0;
  // Expired ones are found too, until they are removed; the caller judges.
  virtual Task<std::optional<WebLogin>> find_web_login(Sha256 id) = 0;
  virtual Task<std::optional<WebLogin>> find_web_login_page(Sha256 page) = 0;
  // False where it is gone, expired at `now` or approved already, or the user does not exist.
  virtual Task<bool> approve_web_login(Sha256 page, UserId user, Timestamp now,
                                       Trail trail = {}) = 0;
  // Removes an approved login and yields it; at most one caller gets it.
  virtual Task<std::optional<WebLogin>> take_web_login(Sha256 id) = 0;

  // Removes tokens, web logins and notes of revoked sessions that have expired at `now`, at most
  // `limit` of each kind. Yields how many were removed.
  virtual Task<std::uint64_t> remove_expired(Timestamp now, std::uint32_t limit) = 0;

  // What find_token() and find_user() tell, but for the time of a token's last use, is still so
  // while the stamp is the one taken before the query. Nothing as for PackageStore::stamp().
  virtual std::optional<std::uint64_t> stamp() const { return std::nullopt; }
};

}  // namespace kontor
