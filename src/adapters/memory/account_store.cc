// Users, tokens and web logins of the in-memory store.
#include "adapters/memory/account_store.h"

#include "adapters/memory/log_store.h"

#include <algorithm>

namespace kontor::memory {

// Where nobody else has the name or had it.
bool AccountStore::is_free(const std::string& name, UserId user) const {
  const User* owner = database_.find_user(name);
  const auto former = database_.former_names.find(name);
  return (!owner || owner->id == user) &&
         (former == database_.former_names.end() || former->second == user);
}

Task<UserId> AccountStore::create_user(User user, Trail trail) {
  ++database_.changes;
  if (!is_free(user.name, UserId(0))) co_return fail(Code::user_exists);
  co_await append_trail(database_, trail);
  user.id = UserId(++database_.last_user);
  user.account = "acct_" + std::to_string(user.id.value);
  user.revision = 1;
  const UserId id = user.id;
  database_.users.emplace(id, std::move(user));
  co_return id;
}

Task<std::optional<User>> AccountStore::find_user(std::string name) {
  const User* user = database_.find_user(name);
  co_return user ? std::optional(*user) : std::nullopt;
}

Task<std::optional<User>> AccountStore::find_user_by_id(UserId id) {
  const auto it = database_.users.find(id);
  co_return it == database_.users.end() ? std::nullopt : std::optional(it->second);
}

Task<> AccountStore::update_user(User user, Trail trail) {
  ++database_.changes;
  const auto it = database_.users.find(user.id);
  if (it == database_.users.end() || it->second.revision != user.revision)
    co_return fail(Code::conflict);
  co_await append_trail(database_, trail);
  if (user.email != it->second.email)
    for (auto& [key, row] : database_.packages)
      if (row.find_owner(user.id)) ++row.revision;
  user.name = it->second.name;
  user.account = it->second.account;
  user.created = it->second.created;
  ++user.revision;
  it->second = std::move(user);
  co_return {};
}

Task<> AccountStore::rename_user(User user, Trail trail) {
  const auto it = database_.users.find(user.id);
  if (it == database_.users.end()) co_return fail(Code::conflict);
  if (!is_free(user.name, user.id)) co_return fail(Code::user_exists);
  const auto name = user.name, former = it->second.name;
  const auto id = user.id;
  co_await update_user(std::move(user), std::move(trail));
  it->second.name = name;
  database_.former_names.erase(name);
  if (former != name) database_.former_names[former] = id;
  for (auto& [key, row] : database_.packages)
    if (row.find_owner(id) || row.stars.contains(id)) ++row.revision;
  co_return {};
}

Task<std::optional<User>> AccountStore::find_renamed_user(std::string former) {
  const auto it = database_.former_names.find(former);
  if (it == database_.former_names.end()) co_return std::nullopt;
  co_return co_await find_user_by_id(it->second);
}

Task<> AccountStore::remove_user(UserId id, Trail trail) {
  ++database_.changes;
  if (!database_.users.contains(id)) co_return {};
  add_events_of_removal(id, trail);
  co_await append_trail(database_, trail);
  database_.users.erase(id);
  database_.git_connections.erase(id);
  std::erase_if(database_.tokens, [&](const auto& entry) { return entry.second.user == id; });
  std::erase_if(database_.web_logins,
                [&](const auto& entry) { return entry.second.approved_by == id; });
  std::erase_if(database_.revoked_sessions,
                [&](const auto& entry) { return entry.second.user == id; });
  for (auto& [key, row] : database_.packages) {
    const auto roles = std::erase_if(row.owners, [&](const auto& o) { return o.first == id; });
    const auto stars = row.stars.erase(id);
    if (row.transfer && (row.transfer->from == id || row.transfer->to == id)) row.transfer.reset();
    if (roles) ++row.policy_revision;
    if (roles || stars) ++row.revision;
  }
  co_return {};
}

// The roles and tokens that go with the user.
void AccountStore::add_events_of_removal(UserId id, Trail& trail) const {
  for (const auto& [package, key] :
       std::map(database_.package_keys.begin(), database_.package_keys.end())) {
    const PackageRow& row = database_.packages.find(key)->second;
    if (const auto* owner = row.find_owner(id))
      trail.log.push_back(owner_event(log_of(row.visibility),
                                      {std::string(to_string(key.format)), key.name},
                                      tlog::Change::remove, *owner, trail.by));
  }
  for (const auto& [key, token] : database_.tokens)
    if (token.user == id)
      if (auto event = token_event(tlog::Change::remove, id, key, token.rights, trail.by))
        trail.log.push_back(std::move(*event));
}

Task<std::vector<User>> AccountStore::list_users(std::string after, std::uint32_t limit) {
  std::vector<User> users;
  for (const auto& [id, user] : database_.users)
    if (user.name > after) users.push_back(user);
  std::ranges::sort(users, {}, &User::name);
  if (users.size() > limit) users.resize(limit);
  co_return users;
}

Task<std::uint64_t> AccountStore::count_users() {
  co_return database_.users.size();
}

Task<> AccountStore::put_token(TokenRecord token, Trail trail) {
  ++database_.changes;
  if (!database_.users.contains(token.user)) co_return fail(Code::not_found, "No such user.");
  for (const auto& [key, other] : database_.tokens)
    if (key == token.key || other.secret == token.secret) co_return fail(Code::conflict);
  co_await append_trail(database_, trail);
  database_.tokens.emplace(token.key, token);
  co_return {};
}

Task<std::optional<TokenOwner>> AccountStore::find_token(Sha256 secret) {
  for (const auto& [key, token] : database_.tokens)
    if (token.secret == secret) co_return TokenOwner{token, database_.users[token.user]};
  co_return std::nullopt;
}

Task<TokenPage> AccountStore::list_tokens(UserId user, std::uint32_t offset, std::uint32_t limit) {
  std::vector<TokenRecord> all;
  for (const auto& [key, token] : database_.tokens)
    if (token.user == user) all.push_back(token);
  std::ranges::sort(all, std::greater{},
                    [](const TokenRecord& token) { return std::pair(token.created, token.key); });
  TokenPage page;
  page.total = all.size();
  for (std::size_t i = offset; i < all.size() && page.tokens.size() < limit; ++i)
    page.tokens.push_back(std::move(all[i]));
  co_return page;
}

Task<bool> AccountStore::remove_token(UserId user, std::string key, Trail trail) {
  ++database_.changes;
  const auto it = database_.tokens.find(key);
  if (it == database_.tokens.end() || it->second.user != user) co_return false;
  co_await append_trail(database_, trail);
  database_.tokens.erase(it);
  co_return true;
}

Task<> AccountStore::touch_token(std::string key, Timestamp used) {
  const auto it = database_.tokens.find(key);
  if (it == database_.tokens.end()) co_return {};
  auto& last_used = it->second.last_used;
  if (!last_used || *last_used + minutes(1) <= used) last_used = used;
  co_return {};
}

Task<std::optional<User>> AccountStore::find_session_user(UserId user, std::string session) {
  const auto it = database_.users.find(user);
  if (it == database_.users.end() || database_.revoked_sessions.contains(session))
    co_return std::nullopt;
  co_return it->second;
}

Task<> AccountStore::revoke_session(RevokedSession session, Timestamp now, Trail trail) {
  const auto user = database_.users.find(session.user);
  auto& noted = database_.revoked_sessions;
  if (user == database_.users.end() || noted.contains(session.id)) co_return {};
  co_await append_trail(database_, trail);
  const auto of_user = [&](const auto& entry) { return entry.second.user == session.user; };
  if (std::ranges::count_if(noted, of_user) < static_cast<std::ptrdiff_t>(kMaxRevokedSessions)) {
    noted.emplace(session.id, session);
    co_return {};
  }
  std::erase_if(noted, of_user);
  ++database_.changes;
  user->second.sessions_since = now;
  ++user->second.revision;
  co_return {};
}

WebLogin* AccountStore::find_page(const Sha256& page) {
  for (auto& [id, login] : database_.web_logins)
    if (login.page == page) return &login;
  return nullptr;
}

Task<std::optional<Timestamp>> AccountStore::put_web_login(WebLogin login, WebLoginLimits limits,
                                                           Timestamp now) {
  if (find_page(login.page) || database_.web_logins.contains(login.id))
    co_return fail(Code::conflict);
  std::erase_if(database_.web_logins, [&](const auto& row) { return row.second.expires <= now; });
  std::vector<Timestamp> all;
  std::vector<Timestamp> same_client;
  for (const auto& [id, other] : database_.web_logins) {
    all.push_back(other.expires);
    if (other.client == login.client) same_client.push_back(other.expires);
  }
  if (same_client.size() >= limits.per_client) co_return std::ranges::min(same_client);
  if (all.size() >= limits.in_all) co_return std::ranges::min(all);
  database_.web_logins.emplace(login.id, std::move(login));
  co_return std::nullopt;
}

Task<std::optional<WebLogin>> AccountStore::find_web_login(Sha256 id) {
  const auto it = database_.web_logins.find(id);
  co_return it == database_.web_logins.end() ? std::nullopt : std::optional(it->second);
}

Task<std::optional<WebLogin>> AccountStore::find_web_login_page(Sha256 page) {
  const WebLogin* login = find_page(page);
  co_return login ? std::optional(*login) : std::nullopt;
}

Task<bool> AccountStore::approve_web_login(Sha256 page, UserId user, Timestamp now, Trail trail) {
  WebLogin* login = find_page(page);
  if (!login || login->approved_by || login->expires <= now || !database_.users.contains(user))
    co_return false;
  co_await append_trail(database_, trail);
  login->approved_by = user;
  co_return true;
}

Task<std::optional<WebLogin>> AccountStore::take_web_login(Sha256 id) {
  const auto it = database_.web_logins.find(id);
  if (it == database_.web_logins.end() || !it->second.approved_by) co_return std::nullopt;
  const WebLogin login = it->second;
  database_.web_logins.erase(it);
  co_return login;
}

Task<std::uint64_t> AccountStore::remove_expired(Timestamp now, std::uint32_t limit) {
  std::uint64_t removed = 0;
  ++database_.changes;
  const auto sweep = [&](auto& rows, auto has_expired) {
    std::uint32_t left = limit;
    removed += std::erase_if(
        rows, [&](const auto& row) { return left > 0 && has_expired(row.second) && left-- > 0; });
  };
  sweep(database_.tokens, [&](const TokenRecord& t) { return t.expires && *t.expires <= now; });
  sweep(database_.web_logins, [&](const WebLogin& l) { return l.expires <= now; });
  sweep(database_.revoked_sessions, [&](const RevokedSession& s) { return s.expires <= now; });
  co_return removed;
}

}  // namespace kontor::memory
