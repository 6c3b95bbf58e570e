#pragma once
// Users: registration, login by password, changes of an account, administration. Each change
// leaves a row in the audit trail; none holds a secret.
#include "base/task.h"
#include "registry/audit.h"
#include "registry/registry.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

struct NewUser {
  std::string name;
  std::string email;  // may be empty
  std::string password;
  bool is_admin = false;
};

// Self-registration. Fails with registration_closed, user_exists, invalid_name or bad_request.
Task<User> register_user(Registry& registry, NewUser user, Actor actor);

struct Login {
  std::string name;
  std::string password;
  std::string otp;
  // Set: the client asks for an account; one is registered where the name is free.
  std::optional<std::string> email_of_new_account;
};

// The user behind name and password, second factor included. Fails with invalid_password,
// otp_required, otp_invalid, rate_limited; for a client that wants an account also as register_user
// does. Where registration is closed, a taken and a free name get the same answer.
Task<User> log_in(Registry& registry, Login login, Actor actor);

// The caller's own record; decided as own_account.
Task<User> load_own_account(Registry& registry, Principal who);

struct PasswordChange {
  std::string old_password;
  std::string new_password;
};
// Fields left out stay as they are.
struct AccountChange {
  std::optional<PasswordChange> password;
  std::optional<std::string> email;
  std::optional<std::string> profile;  // JSON object, at most 4 KiB
};
// Changes the caller's own account, all of the fields or none: everything is checked before one
// write. Decided as edit_account; fails with bad_request, too_large, invalid_password,
// rate_limited, and conflict where the account changed meanwhile.
Task<User> change_account(Registry& registry, Actor actor, AccountChange change);

// --- administration: each is decided as `administer` ---------------------------------------------

// Creates an account whether or not registration is open.
Task<User> create_user(Registry& registry, Actor actor, NewUser user);
// By name, those greater than `after`; at most 1000.
Task<std::vector<User>> list_users(Registry& registry, Principal who, std::string after,
                                   std::uint32_t limit);
// Refuses the last administrator. not_found where absent.
Task<> remove_user(Registry& registry, Actor actor, std::string name);

struct PasswordReset {
  std::string name;
  std::string password;
  bool drop_two_factor = false;  // for a user who lost phone and recovery codes
};
Task<User> reset_password(Registry& registry, Actor actor, PasswordReset reset);

// A password nobody chose: 24 characters, 142 bits.
std::string generate_password(Registry& registry);

// --- first start ---------------------------------------------------------------------------------

// Creates the first administrator where the store has no user at all, with a generated password
// where `password` is empty. Yields the password to show once, or an empty text where nothing was
// generated.
struct FirstAdmin {
  bool created = false;
  std::string generated_password;
};
Task<FirstAdmin> ensure_first_admin(Registry& registry, std::string name, std::string password);

}  // namespace kontor
