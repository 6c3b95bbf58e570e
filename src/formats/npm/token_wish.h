#pragma once
// What a client asks of a new token. Field names drifted between versions of npm; all are read.
#include "base/json.h"
#include "registry/account_tokens.h"

namespace kontor::npm {

// Three generations of clients:
//   {password, readonly, cidr_whitelist}: full rights unless readonly (npm up to 11.5)
//   {name, password, packages, scopes, packages_and_scopes_permission, expires: <days>, ...}
//   {token_description, cidr, packages: ["*"], expires: <ISO date>} (the written API)
// A newer wish without a permission reads the packages it names, as npm has it; where it names none
// it may publish, because npm's default (no access at all) would be of no use here. bad_request
// where a wish cannot be granted as it stands, e.g. for organisations, which do not exist here.
Result<TokenWish> parse_token_wish(const Json& body, Timestamp now);

}  // namespace kontor::npm
