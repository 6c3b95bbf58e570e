#pragma once
// Access tokens: issue, list, revoke. The text of a token exists in the answer that issues it and
// nowhere else; stores keep its SHA-256 (row AUTH-02).
#include "registry/audit.h"
#include "registry/registry.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

struct TokenWish {
  std::string name;
  TokenRights rights = TokenRights::full;
  std::vector<std::string> cidrs;     // address blocks; empty: any address
  std::vector<std::string> packages;  // patterns as in matches_package_pattern; empty: all
  std::optional<Timestamp> expires;
  bool bypass_two_factor = false;
};

struct IssuedToken {
  TokenRecord record;
  std::string text;
};

// The credential of a user who has just proved who they are (login), with full rights: the text of
// a token with as long a life as allowed, or of a session where the settings have a key for such.
Task<std::string> issue_login(Registry& registry, User user, std::string name, Actor actor);

// On the caller's wish, decided as edit_account and protected by the password. bad_request where
// the wish is malformed or outlives settings.accounts.token_max_days.
Task<IssuedToken> issue_token(Registry& registry, Actor actor, std::string password,
                              TokenWish wish);

// The caller's own, newest first; decided as own_account. `limit` is at most 1000.
Task<TokenPage> list_own_tokens(Registry& registry, Principal who, std::uint32_t offset,
                                std::uint32_t limit);

// Revokes one of the caller's own, named by its key, its whole text, or the beginning of either
// that fits no other. not_found where none fits, conflict where several do.
Task<> revoke_token(Registry& registry, Actor actor, std::string named);

// Revokes the token whose text this is. Holding the text is the right to do so; succeeds where it
// is unknown, so that a client can always forget it.
Task<> log_out(Registry& registry, Actor actor, std::string text);

// Writes the uses that authenticate() has noted. For the host to call every few seconds and at the
// end; a use that was not written before a crash is lost.
Task<> write_token_uses(Registry& registry);

}  // namespace kontor
