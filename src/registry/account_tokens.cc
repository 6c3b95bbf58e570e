// Tokens of the caller's own account.
#include "registry/account_tokens.h"

#include "base/sha256.h"
#include "domain/jwt.h"
#include "domain/token_text.h"
#include "registry/credential_memory.h"
#include "registry/log/log_notes.h"
#include "registry/password_check.h"
#include "registry/random_text.h"
#include "registry/sessions.h"
#include "registry/token_rules.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::size_t kSecretLength = 30;
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kShownLength = 10;    // prefix and six characters: 142 bits stay unknown
constexpr std::size_t kMinNamedLength = 6;  // shorter beginnings are too easily the wrong token's
constexpr std::uint32_t kMaxListed = 1000;
constexpr std::uint64_t kMaxTokens = 1000;  // of one user, by wish; logins are not refused

// One row of the audit trail, and for tokens that may change something a leaf.
Trail token_trail(const Registry& registry, const Actor& actor, tlog::Change change,
                  const TokenRecord& token, std::string action, std::string detail = {}) {
  Trail trail =
      trail_of(registry, actor, std::move(action), "token:" + token.key, std::move(detail));
  if (auto event = token_event(change, token.user, token.key, token.rights, trail.by))
    trail.log.push_back(std::move(*event));
  return trail;
}

// Makes and stores a token.
Task<IssuedToken> issue(Registry& registry, UserId user, TokenWish wish, Actor actor) {
  IssuedToken issued;
  issued.text = make_token_text(random_base62(registry.entropy, kSecretLength));
  auto& token = issued.record;
  token.key = random_hex(registry.entropy, kKeyBytes);
  token.secret = sha256(issued.text);
  token.user = user;
  token.name = std::move(wish.name);
  token.shown = issued.text.substr(0, kShownLength);
  token.rights = wish.rights;
  token.cidrs = std::move(wish.cidrs);
  token.packages = std::move(wish.packages);
  token.bypass_two_factor = wish.bypass_two_factor;
  token.created = registry.clock.now();
  token.expires = wish.expires;
  auto trail = token_trail(registry, actor, tlog::Change::add, token, "issue_token",
                           std::string(to_string(token.rights)));
  co_await registry.accounts.put_token(token, std::move(trail));
  co_return issued;
}

bool is_named(const TokenRecord& token, const std::string& named) {
  return token.key.starts_with(named) || token.shown.starts_with(named);
}

// The only token that `named` fits.
Task<TokenRecord> find_named(Registry& registry, UserId user, std::string named) {
  std::optional<TokenRecord> found;
  for (std::uint32_t offset = 0;; offset += kMaxListed) {
    const auto page = co_await registry.accounts.list_tokens(user, offset, kMaxListed);
    for (const auto& token : page.tokens) {
      if (token.key == named) co_return token;
      if (named.size() < kMinNamedLength || !is_named(token, named)) continue;
      if (found) co_return fail(Code::conflict, "Several tokens begin so; name one by its key.");
      found = token;
    }
    if (page.tokens.size() < kMaxListed) break;
  }
  if (!found) co_return fail(Code::not_found, "You have no such token.");
  co_return std::move(*found);
}

std::optional<Error> refuse(const Registry& registry, const Principal& who, Action action) {
  return decide(who, action, {}, registry.settings->policy);
}

}  // namespace

Task<std::string> issue_login(Registry& registry, User user, std::string name, Actor actor) {
  actor.principal = password_principal(user, actor.principal.address);
  if (auto refused = refuse(registry, actor.principal, Action::edit_account))
    co_return std::unexpected(std::move(*refused));
  const auto settings = registry.settings;
  if (sessions_on(settings->accounts))
    co_return co_await open_session(registry, std::move(user), std::move(actor));
  TokenWish wish;
  wish.name = std::move(name);
  wish.expires = latest_expiry(settings->accounts, registry.clock.now());
  auto issued = co_await issue(registry, user.id, std::move(wish), std::move(actor));
  co_return std::move(issued.text);
}

Task<IssuedToken> issue_token(Registry& registry, Actor actor, std::string password,
                              TokenWish wish) {
  const Principal who = actor.principal;
  if (auto refused = refuse(registry, who, Action::edit_account))
    co_return std::unexpected(std::move(*refused));
  const auto settings = registry.settings;
  co_await check_wish(wish, settings->accounts, registry.clock.now());
  const User user = co_await check_password(registry, who.name, std::move(password), who.address);
  const auto present = co_await registry.accounts.list_tokens(user.id, 0, 1);
  if (present.total >= kMaxTokens)
    co_return fail(Code::forbidden, "You have 1000 tokens; revoke some that are not used.");
  co_return co_await issue(registry, user.id, std::move(wish), std::move(actor));
}

Task<TokenPage> list_own_tokens(Registry& registry, Principal who, std::uint32_t offset,
                                std::uint32_t limit) {
  if (auto refused = refuse(registry, who, Action::own_account))
    co_return std::unexpected(std::move(*refused));
  co_return co_await registry.accounts.list_tokens(*who.user, offset, std::min(limit, kMaxListed));
}

Task<> revoke_token(Registry& registry, Actor actor, std::string named) {
  if (auto refused = refuse(registry, actor.principal, Action::edit_account))
    co_return std::unexpected(std::move(*refused));
  const UserId user = *actor.principal.user;
  TokenRecord token;
  if (is_token_text(named)) {
    const auto found = co_await registry.accounts.find_token(sha256(named));
    if (found && found->user.id == user) token = found->token;
  } else {
    token = co_await find_named(registry, user, std::move(named));
  }
  auto trail = token_trail(registry, actor, tlog::Change::remove, token, "revoke_token");
  if (token.key.empty() ||
      !co_await registry.accounts.remove_token(user, token.key, std::move(trail)))
    co_return fail(Code::not_found, "You have no such token.");
  co_return {};
}

Task<> log_out(Registry& registry, Actor actor, std::string text) {
  if (registry.settings->policy.read_only) co_return fail(Code::read_only);
  const auto settings = registry.settings;
  if (sessions_on(settings->accounts) && looks_like_jwt(text))
    co_return co_await whole(close_session(registry, std::move(actor), std::move(text)));
  if (!is_token_text(text)) co_return {};
  const auto found = co_await registry.accounts.find_token(sha256(text));
  if (!found) co_return {};
  actor.principal.user = found->user.id;
  actor.principal.name = found->user.name;
  actor.principal.token_key = found->token.key;
  auto trail = token_trail(registry, actor, tlog::Change::remove, found->token, "log_out");
  co_await registry.accounts.remove_token(found->user.id, found->token.key, std::move(trail));
  co_return {};
}

Task<> write_token_uses(Registry& registry) {
  for (auto& [key, used] : registry.credentials.take_token_uses()) {
    const auto written = co_await whole(registry.accounts.touch_token(key, used));
    if (!written) registry.observer.failed({}, written.error());
  }
  co_return {};
}

}  // namespace kontor
