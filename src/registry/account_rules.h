#pragma once
// What names, passwords and addresses of accounts must look like.
#include "registry/accounts.h"

#include <string_view>

namespace kontor {

Result<void> check_new_user(const NewUser& user, const AccountSettings& settings);
// At least the configured number of characters, at most 1024 bytes, and not the user's name.
Result<void> check_new_password(std::string_view name, std::string_view password,
                                const AccountSettings& settings);
// Empty, or something@something without blanks, at most 254 bytes (RFC 5321).
Result<void> check_email(std::string_view email);

}  // namespace kontor
