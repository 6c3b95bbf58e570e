// Users: who may register, log in, change and remove what.
#include "registry/accounts.h"

#include "tests/support/account_world.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using test::AccountWorld;
using test::basic;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "ok" : std::string(info(result.error().code).name);
}

AccountWorld& open(AccountWorld& world) {
  world.change_settings([](Settings& s) { s.accounts.allow_registration = true; });
  return world;
}

NewUser alice() {
  return {"alice", "alice@example.org", "correct horse"};
}

TEST(Register, an_open_registry_takes_new_users) {
  AccountWorld world;
  const auto made = world.run(register_user(open(world).registry, alice(), world.stranger()));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->name, "alice");
  EXPECT_EQ(made->email, "alice@example.org");
  EXPECT_FALSE(made->is_admin);
  EXPECT_EQ(made->created, world.clock.now());
  EXPECT_TRUE(world.authenticate(basic("alice", "correct horse")));
  EXPECT_THAT(world.audited(), ElementsAre("register"));
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr("correct horse")));
}

TEST(Register, nobody_registers_as_administrator) {
  AccountWorld world;
  NewUser user = alice();
  user.is_admin = true;
  ASSERT_TRUE(world.run(register_user(open(world).registry, user, world.stranger())));
  EXPECT_FALSE(world.user("alice").is_admin);
}

TEST(Register, a_closed_or_read_only_registry_takes_nobody) {
  AccountWorld world;
  EXPECT_EQ(verdict(world.run(register_user(world.registry, alice(), world.stranger()))),
            "registration_closed");
  open(world).change_settings([](Settings& s) { s.policy.read_only = true; });
  EXPECT_EQ(verdict(world.run(register_user(world.registry, alice(), world.stranger()))),
            "read_only");
  EXPECT_TRUE(world.database.users.empty());
  EXPECT_TRUE(world.database.audit.empty());
}

TEST(Register, a_taken_name_stays_with_its_owner) {
  AccountWorld world;
  world.add_user("alice", "first password");
  EXPECT_EQ(verdict(world.run(register_user(open(world).registry, alice(), world.stranger()))),
            "user_exists");
  EXPECT_TRUE(world.authenticate(basic("alice", "first password")));
}

TEST(Register, refuses_bad_names_passwords_and_addresses) {
  const std::pair<NewUser, const char*> table[] = {
      {{"Alice", "", "correct horse"}, "invalid_name"},
      {{"", "", "correct horse"}, "invalid_name"},
      {{"a/b", "", "correct horse"}, "invalid_name"},
      {{"alice", "", "seven77"}, "bad_request"},
      {{"alice", "", "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"}, "bad_request"},  // four characters
      {{"alice", "", std::string(1025, 'x')}, "bad_request"},
      {{"alice", "", "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"}, "bad_request"},
      {{"alicealice", "", "AliceAlice"}, "bad_request"},
      {{"alice", "nobody", "correct horse"}, "bad_request"},
      {{"alice", "a@b@c", "correct horse"}, "bad_request"},
      {{"alice", "a b@c", "correct horse"}, "bad_request"},
      {{"alice", "a@b\r\nBcc: x", "correct horse"}, "bad_request"},
      {{"alice", "<a@b>", "correct horse"}, "bad_request"},
      {{"alice", std::string(250, 'a') + "@b.org", "correct horse"}, "bad_request"},
  };
  for (const auto& [user, expected] : table) {
    AccountWorld world;
    EXPECT_EQ(verdict(world.run(register_user(open(world).registry, user, world.stranger()))),
              expected)
        << user.name << " " << user.email;
    EXPECT_TRUE(world.database.users.empty());
  }
}

Result<User> log_in_as(AccountWorld& world, Login login) {
  return world.run(log_in(world.registry, std::move(login), world.stranger()));
}

TEST(LogIn, the_right_password_yields_the_user) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto user = log_in_as(world, {"alice", "correct horse", {}, {}});
  ASSERT_TRUE(user);
  EXPECT_EQ(user->name, "alice");
}

TEST(LogIn, wrong_passwords_and_unknown_names_look_alike) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto wrong = log_in_as(world, {"alice", "wrong", {}, {}});
  const auto unknown = log_in_as(world, {"nobody", "wrong", {}, {}});
  EXPECT_EQ(verdict(wrong), "invalid_password");
  EXPECT_EQ(wrong.error(), unknown.error());
  EXPECT_EQ(world.passwords.verified, 2);
}

TEST(LogIn, a_closed_registry_does_not_tell_which_names_are_taken) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto taken = log_in_as(world, {"alice", "wrong", {}, "a@example.org"});
  const auto free = log_in_as(world, {"bob", "wrong", {}, "a@example.org"});
  EXPECT_EQ(verdict(taken), "registration_closed");
  EXPECT_EQ(taken.error(), free.error());
  EXPECT_EQ(world.passwords.verified, 2);
  EXPECT_EQ(world.database.users.size(), 1u);
}

TEST(LogIn, a_client_that_wants_an_account_gets_one_where_the_name_is_free) {
  AccountWorld world;
  open(world);
  ASSERT_TRUE(log_in_as(world, {"alice", "correct horse", {}, "alice@example.org"}));
  EXPECT_EQ(world.user("alice").email, "alice@example.org");
  ASSERT_TRUE(log_in_as(world, {"alice", "correct horse", {}, "other@example.org"}))
      << "the right password of a taken name is a login";
  EXPECT_EQ(world.user("alice").email, "alice@example.org");
  EXPECT_EQ(verdict(log_in_as(world, {"alice", "wrong password", {}, "a@example.org"})),
            "user_exists");
  EXPECT_EQ(verdict(log_in_as(world, {"bob", "correct horse", {}, {}})), "invalid_password")
      << "a login without email never registers";
}

TEST(LogIn, registering_many_accounts_is_no_guessing) {
  AccountWorld world;
  open(world);
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(log_in_as(world, {"user" + std::to_string(i), "correct horse", {}, ""}));
}

TEST(LogIn, asks_for_the_second_factor_after_the_password_only) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  world.add_two_factor("alice", TwoFactorMode::auth_only);
  EXPECT_EQ(verdict(log_in_as(world, {"alice", "wrong", world.one_time_password(), {}})),
            "invalid_password");
  EXPECT_EQ(verdict(log_in_as(world, {"alice", "correct horse", {}, {}})), "otp_required");
  EXPECT_EQ(verdict(log_in_as(world, {"alice", "correct horse", "000000", {}})), "otp_invalid");
  const auto otp = world.one_time_password();
  EXPECT_EQ(verdict(log_in_as(world, {"alice", "correct horse", otp, {}})), "ok");
  EXPECT_EQ(verdict(log_in_as(world, {"alice", "correct horse", otp, {}})), "otp_invalid");
}

TEST(ChangePassword, needs_the_old_one_and_replaces_it) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto change = [&](const char* from, const char* to) {
    return verdict(world.run(change_account(world.registry, world.actor("alice"),
                                            {.password = PasswordChange{from, to}})));
  };
  EXPECT_EQ(change("wrong horse", "battery staple"), "invalid_password");
  EXPECT_EQ(change("correct horse", "short"), "bad_request");
  EXPECT_TRUE(world.authenticate(basic("alice", "correct horse")));
  EXPECT_EQ(change("correct horse", "battery staple"), "ok");
  EXPECT_TRUE(world.authenticate(basic("alice", "battery staple")));
  EXPECT_THAT(world.audited(), ElementsAre("password"));
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr("battery staple")));
}

TEST(ChangeAccount, changes_what_is_given) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto actor = world.actor("alice");
  const auto change = [&](AccountChange wish) {
    return verdict(world.run(change_account(world.registry, actor, std::move(wish))));
  };
  EXPECT_EQ(change({.email = "new@example.org"}), "ok");
  EXPECT_EQ(change({.profile = R"({"fullname":"A"})"}), "ok");
  EXPECT_EQ(world.user("alice").email, "new@example.org");
  EXPECT_EQ(world.user("alice").profile, R"({"fullname":"A"})");
  EXPECT_EQ(change({.email = "nonsense"}), "bad_request");
  EXPECT_EQ(change({.profile = std::string(5000, ' ')}), "too_large");
  EXPECT_EQ(world.user("alice").email, "new@example.org");
}

TEST(ChangeAccount, is_whole_or_not_at_all) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const User before = world.user("alice");
  const auto change = [&](PasswordChange password, const char* email) {
    return verdict(world.run(change_account(
        world.registry, world.actor("alice"),
        {.password = std::move(password), .email = email, .profile = R"({"fullname":"A"})"})));
  };
  EXPECT_EQ(change({"correct horse", "battery staple"}, "nonsense"), "bad_request");
  EXPECT_EQ(change({"correct horse", "short"}, "new@example.org"), "bad_request");
  EXPECT_EQ(change({"wrong horse", "battery staple"}, "new@example.org"), "invalid_password");
  EXPECT_EQ(world.user("alice").revision, before.revision);
  EXPECT_TRUE(world.database.audit.empty());

  EXPECT_EQ(change({"correct horse", "battery staple"}, "new@example.org"), "ok");
  EXPECT_EQ(world.user("alice").revision, before.revision + 1) << "one write";
  EXPECT_EQ(world.user("alice").email, "new@example.org");
  EXPECT_TRUE(world.authenticate(basic("alice", "battery staple")));
  EXPECT_THAT(world.audited(), ElementsAre("password", "profile"));
}

TEST(Account, weak_credentials_change_nothing) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  Actor weak = world.actor("alice");
  weak.principal.credential = Credential::token;
  for (const auto rights : {TokenRights::read_only, TokenRights::publish}) {
    weak.principal.rights = rights;
    const PasswordChange password{"correct horse", "battery staple"};
    EXPECT_EQ(verdict(world.run(change_account(world.registry, weak, {.password = password}))),
              "insufficient_scope");
    EXPECT_EQ(verdict(world.run(change_account(world.registry, weak, {.email = "a@b"}))),
              "insufficient_scope");
    EXPECT_EQ(verdict(world.run(load_own_account(world.registry, weak.principal))), "ok");
  }
  EXPECT_EQ(verdict(world.run(load_own_account(world.registry, Principal{}))), "unauthenticated");
  EXPECT_EQ(world.passwords.verified, 0) << "refused before the password is looked at";
  EXPECT_TRUE(world.database.audit.empty());
}

struct UserAdmin : testing::Test {
  UserAdmin() {
    world.add_user("root", "correct horse", true);
    world.add_user("alice", "correct horse");
  }
  AccountWorld world;
};

TEST_F(UserAdmin, administrators_create_users_while_registration_is_closed) {
  const auto made = world.run(
      create_user(world.registry, world.actor("root"), {"bob", "", "correct horse", true}));
  ASSERT_TRUE(made);
  EXPECT_TRUE(world.user("bob").is_admin);
  EXPECT_EQ(verdict(world.run(
                create_user(world.registry, world.actor("root"), {"bob", "", "correct horse"}))),
            "user_exists");
  EXPECT_EQ(verdict(world.run(
                create_user(world.registry, world.actor("root"), {"BOB", "", "correct horse"}))),
            "invalid_name");
  EXPECT_THAT(world.audited(), ElementsAre("create_user"));
}

TEST_F(UserAdmin, others_administer_nothing) {
  const auto alice = world.actor("alice");
  auto& registry = world.registry;
  EXPECT_EQ(verdict(world.run(create_user(registry, alice, {"bob", "", "correct horse"}))),
            "forbidden");
  EXPECT_EQ(verdict(world.run(list_users(registry, alice.principal, {}, 10))), "forbidden");
  EXPECT_EQ(verdict(world.run(remove_user(registry, alice, "root"))), "forbidden");
  EXPECT_EQ(verdict(world.run(reset_password(registry, alice, {"root", "battery staple"}))),
            "forbidden");
  EXPECT_EQ(world.database.users.size(), 2u);
  EXPECT_TRUE(world.database.audit.empty());
}

TEST_F(UserAdmin, lists_users_by_name_also_on_a_read_only_registry) {
  world.change_settings([](Settings& s) { s.policy.read_only = true; });
  const auto users =
      world.run(list_users(world.registry, world.actor("root").principal, "alice", 10));
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 1u);
  EXPECT_EQ(users->front().name, "root");
}

TEST_F(UserAdmin, removes_users_with_their_tokens_but_never_the_last_administrator) {
  const auto token = world.add_token("alice", "correct horse");
  const auto root = world.actor("root");
  EXPECT_EQ(verdict(world.run(remove_user(world.registry, root, "alice"))), "ok");
  EXPECT_FALSE(world.authenticate("Bearer " + token));
  EXPECT_EQ(verdict(world.run(remove_user(world.registry, root, "alice"))), "not_found");
  EXPECT_EQ(verdict(world.run(remove_user(world.registry, root, "root"))), "forbidden");
  world.add_user("second", "correct horse", true);
  EXPECT_EQ(verdict(world.run(remove_user(world.registry, root, "root"))), "ok");
}

TEST_F(UserAdmin, resets_a_password_and_on_demand_the_second_factor) {
  world.add_two_factor("alice", TwoFactorMode::auth_and_writes);
  const auto root = world.actor("root");
  ASSERT_TRUE(world.run(reset_password(world.registry, root, {"alice", "battery staple"})));
  EXPECT_EQ(world.user("alice").two_factor, TwoFactorMode::auth_and_writes);
  EXPECT_TRUE(world.authenticate(basic("alice", "battery staple")));
  ASSERT_TRUE(world.run(reset_password(world.registry, root, {"alice", "battery staple", true})));
  EXPECT_EQ(world.user("alice").two_factor, TwoFactorMode::off);
  EXPECT_EQ(world.user("alice").totp_secret, "");
}

TEST(FirstAdmin, is_made_once_with_a_long_password_that_works) {
  AccountWorld world;
  const auto first = world.run(ensure_first_admin(world.registry, "admin", ""));
  ASSERT_TRUE(first && first->created);
  EXPECT_GE(first->generated_password.size(), 20u);
  EXPECT_TRUE(world.user("admin").is_admin);
  EXPECT_TRUE(world.authenticate(basic("admin", first->generated_password)));
  EXPECT_THAT(world.everything_stored(), Not(HasSubstr(first->generated_password)));
  const auto again = world.run(ensure_first_admin(world.registry, "other", "correct horse"));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->created);
  EXPECT_EQ(world.database.users.size(), 1u);
}

TEST(FirstAdmin, takes_a_given_password_and_refuses_a_weak_one) {
  AccountWorld world;
  EXPECT_EQ(verdict(world.run(ensure_first_admin(world.registry, "admin", "short"))),
            "bad_request");
  EXPECT_TRUE(world.database.users.empty());
  const auto first = world.run(ensure_first_admin(world.registry, "admin", "correct horse"));
  ASSERT_TRUE(first && first->created);
  EXPECT_EQ(first->generated_password, "");
  EXPECT_TRUE(world.authenticate(basic("admin", "correct horse")));
}

}  // namespace
}  // namespace kontor
