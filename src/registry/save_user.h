#pragma once
// Reading and writing of user rows, for the account use cases.
#include "registry/accounts.h"

namespace kontor {

// Stores row and trail; yields the row with its id and revision. `user` has passed check_new_user.
Task<User> store_new_user(Registry& registry, NewUser user, Trail trail);

// invalid_credential where the user is gone: whoever holds a credential of it must log in anew.
Task<User> load_user(Registry& registry, UserId id);

// Writes row and trail and yields the row as it stands in the store; conflict where it changed
// meanwhile.
Task<User> save_user(Registry& registry, User user, Trail trail);

}  // namespace kontor
