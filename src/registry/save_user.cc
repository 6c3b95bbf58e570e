// Every write of a user stamps the time of change.
#include "registry/save_user.h"

namespace kontor {

Task<User> store_new_user(Registry& registry, NewUser user, Trail trail) {
  User row;
  row.name = std::move(user.name);
  row.email = std::move(user.email);
  row.is_admin = user.is_admin;
  row.password_hash = co_await registry.passwords.hash(std::move(user.password));
  row.created = row.updated = registry.clock.now();
  const UserId id = co_await registry.accounts.create_user(std::move(row), std::move(trail));
  co_return co_await load_user(registry, id);
}

Task<User> load_user(Registry& registry, UserId id) {
  auto user = co_await registry.accounts.find_user_by_id(id);
  if (!user) co_return fail(Code::invalid_credential, "The account does not exist any more.");
  co_return std::move(*user);
}

Task<User> save_user(Registry& registry, User user, Trail trail) {
  user.updated = registry.clock.now();
  const UserId id = user.id;
  co_await registry.accounts.update_user(std::move(user), std::move(trail));
  co_return co_await load_user(registry, id);
}

}  // namespace kontor
