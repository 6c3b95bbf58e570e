#pragma once
// What may be wished for a token.
#include "registry/account_tokens.h"

#include <string_view>

namespace kontor {

std::string_view to_string(TokenRights rights);  // "read-only", "publish", "full"

// When a token made now must end at the latest; nothing where it may live for ever.
std::optional<Timestamp> latest_expiry(const AccountSettings& settings, Timestamp now);

// Bounds and grammar of all fields; fills in the expiry where the settings want one.
Result<void> check_wish(TokenWish& wish, const AccountSettings& settings, Timestamp now);

}  // namespace kontor
