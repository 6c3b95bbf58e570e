#pragma once
// Users and tokens to and from their rows.
#include "adapters/sqlite/connection.h"
#include "base/bytes.h"
#include "ports/account_store.h"

namespace kontor::sqlite {

// Columns of a user, in the order read_user() takes them from `first` on.
User read_user(const Row& row, int first);
Bytes recovery_codes(const std::vector<Sha256>& codes);

// Columns key, secret, user, name, shown, rights, cidrs, packages, bypass_two_factor, created,
// expires, last_used.
TokenRecord read_token(const Row& row);
inline constexpr int kTokenColumns = 12;
// A list as the text of a JSON array.
std::string list_text(const std::vector<std::string>& list);

Result<void> remove_user_rows(Connection& db, UserId id);
// What its leaves tell: the roles and tokens that go with the user.
Result<std::vector<LogEvent>> events_of_removal(Connection& db, UserId id, const LogAuthor& by);

}  // namespace kontor::sqlite
