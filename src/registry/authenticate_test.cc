// From headers to principals: what is accepted, what each refusal says, what it costs.
#include "registry/authenticate.h"

#include "base/encoding.h"
#include "domain/token_text.h"
#include "tests/support/account_world.h"

#include <gmock/gmock.h>

namespace kontor {
namespace {

using test::AccountWorld;
using test::basic;
using testing::ElementsAre;

Code code_of(const Result<Principal>& result) {
  return result ? Code::internal : result.error().code;
}

TEST(Authenticate, nobody_without_a_header) {
  AccountWorld world;
  const auto who = world.authenticate("");
  ASSERT_TRUE(who);
  EXPECT_TRUE(who->anonymous());
  EXPECT_EQ(who->address, "192.0.2.1");
}

TEST(Authenticate, without_authentication_everybody_is_the_configured_user) {
  AccountWorld world;
  world.add_user("boss", "secret of boss", true);
  world.change_settings([](Settings& s) { s.accounts.everybody = "boss"; });
  for (const auto* header : {"", "Bearer anything", "Basic !!"}) {
    const auto who = world.authenticate(header);
    ASSERT_TRUE(who) << header;
    EXPECT_EQ(who->name, "boss");
    EXPECT_TRUE(who->is_admin);
  }
  world.change_settings([](Settings& s) { s.accounts.everybody = "nobody-here"; });
  EXPECT_EQ(code_of(world.authenticate("")), Code::unavailable);
}

TEST(Authenticate, a_token_is_known_in_every_spelling) {
  AccountWorld world;
  const auto alice = world.add_user("alice", "correct horse");
  const auto token = world.add_token("alice", "correct horse");
  for (const auto& header :
       {"Bearer " + token, "bearer " + token, "NpmToken " + token, "  Bearer   " + token + " ",
        basic("alice", token), basic("whoever", token), basic(token, ""),
        "Basic " + to_base64url("alice:" + token)}) {
    const auto who = world.authenticate(header);
    ASSERT_TRUE(who) << header;
    EXPECT_EQ(who->user, alice.id);
    EXPECT_EQ(who->name, "alice");
    EXPECT_EQ(who->credential, Credential::token);
    EXPECT_EQ(who->rights, TokenRights::full);
    EXPECT_EQ(who->token_key, world.database.tokens.begin()->first);
  }
}

TEST(Authenticate, a_token_never_costs_a_slow_hash) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto token = world.add_token("alice", "correct horse");
  const int before = world.passwords.verified;
  ASSERT_TRUE(world.authenticate("Bearer " + token));
  EXPECT_FALSE(world.authenticate("Bearer " + make_token_text(std::string(30, 'x'))));
  EXPECT_EQ(world.passwords.verified, before);
}

TEST(Authenticate, unusable_headers_are_invalid_credentials) {
  AccountWorld world;
  for (const auto& header :
       {std::string("Bearer"), std::string("Bearer x"), std::string("Digest abc"),
        std::string("Basic ?"), std::string("Basic"), "Basic " + to_base64("no colon"),
        "Basic " + to_base64("\xff\xfe:x"), "Bearer " + make_token_text(std::string(30, 'x')),
        "Bearer npm_" + std::string(36, 'x'), "Bearer " + std::string(100'000, 'x')})
    EXPECT_EQ(code_of(world.authenticate(header)), Code::invalid_credential)
        << header.substr(0, 80);
}

TEST(Authenticate, an_expired_token_is_refused_from_its_last_moment_on) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  TokenWish wish;
  wish.expires = world.clock.now() + days(1);
  const auto token = world.add_token("alice", "correct horse", wish);
  world.clock.advance(Duration{days(1).ms - 1});
  EXPECT_TRUE(world.authenticate("Bearer " + token));
  world.clock.advance(Duration{1});
  EXPECT_EQ(code_of(world.authenticate("Bearer " + token)), Code::invalid_credential);
}

TEST(Authenticate, a_revoked_token_and_one_of_a_removed_user_are_refused) {
  AccountWorld world;
  const auto alice = world.add_user("alice", "correct horse");
  const auto first = world.add_token("alice", "correct horse");
  const auto second = world.add_token("alice", "correct horse");
  ASSERT_TRUE(world.run(revoke_token(world.registry, world.actor("alice"), first)));
  EXPECT_EQ(code_of(world.authenticate("Bearer " + first)), Code::invalid_credential);
  EXPECT_TRUE(world.authenticate("Bearer " + second));
  ASSERT_TRUE(world.run(world.accounts.remove_user(alice.id)));
  EXPECT_EQ(code_of(world.authenticate("Bearer " + second)), Code::invalid_credential);
}

TEST(Authenticate, a_token_is_good_from_its_addresses_only) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  TokenWish wish;
  wish.cidrs = {"10.0.0.0/8", "2001:db8::/32"};
  const auto token = "Bearer " + world.add_token("alice", "correct horse", wish);
  EXPECT_TRUE(world.authenticate(token, "10.1.2.3"));
  EXPECT_TRUE(world.authenticate(token, "2001:db8::7"));
  for (const char* address : {"11.1.2.3", "2001:db9::7", "", "unix"})
    EXPECT_EQ(code_of(world.authenticate(token, address)), Code::address_not_allowed) << address;
}

TEST(Authenticate, rights_patterns_and_bypass_of_a_token_reach_the_principal) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  TokenWish wish;
  wish.rights = TokenRights::read_only;
  wish.packages = {"@scope/*", "left-pad"};
  wish.bypass_two_factor = true;
  const auto who = world.authenticate("Bearer " + world.add_token("alice", "correct horse", wish));
  ASSERT_TRUE(who);
  EXPECT_EQ(who->rights, TokenRights::read_only);
  EXPECT_THAT(who->packages, ElementsAre("@scope/*", "left-pad"));
  EXPECT_TRUE(who->bypass_two_factor);
}

TEST(Authenticate, uses_of_a_token_are_written_later_and_once_a_minute) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto token = "Bearer " + world.add_token("alice", "correct horse");
  const auto stored = [&] { return world.database.tokens.begin()->second.last_used; };
  const auto first = world.clock.now();
  ASSERT_TRUE(world.authenticate(token));
  EXPECT_FALSE(stored());
  ASSERT_TRUE(world.run(write_token_uses(world.registry)));
  EXPECT_EQ(stored(), first);
  world.clock.advance(seconds(59));
  ASSERT_TRUE(world.authenticate(token));
  EXPECT_TRUE(world.credentials.take_token_uses().empty());
  world.clock.advance(seconds(1));
  ASSERT_TRUE(world.authenticate(token));
  ASSERT_TRUE(world.run(write_token_uses(world.registry)));
  EXPECT_EQ(stored(), first + minutes(1));
}

TEST(Authenticate, a_password_with_a_colon_works) {
  AccountWorld world;
  const auto alice = world.add_user("alice", "pass:word:");
  const auto who = world.authenticate(basic("alice", "pass:word:"));
  ASSERT_TRUE(who);
  EXPECT_EQ(who->user, alice.id);
  EXPECT_EQ(who->credential, Credential::password);
}

TEST(Authenticate, unknown_users_cost_the_same_as_wrong_passwords) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  int verified = 0;
  for (const auto& header : {basic("alice", "wrong"), basic("nobody", "wrong"), basic("", "wrong"),
                             basic("NOT A NAME", "wrong"), basic("alice", "")}) {
    const auto result = world.authenticate(header);
    EXPECT_EQ(code_of(result), Code::invalid_password);
    EXPECT_EQ(result.error().message(), info(Code::invalid_password).text);
    EXPECT_EQ(world.passwords.verified, ++verified) << header;
  }
}

TEST(Authenticate, a_verified_password_is_remembered_for_minutes) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(world.authenticate(basic("alice", "correct horse")));
  EXPECT_EQ(world.passwords.verified, 1);
  EXPECT_FALSE(world.authenticate(basic("alice", "Correct horse")));
  EXPECT_EQ(world.passwords.verified, 2);
  world.clock.advance(minutes(5));
  ASSERT_TRUE(world.authenticate(basic("alice", "correct horse")));
  EXPECT_EQ(world.passwords.verified, 3);
}

TEST(Authenticate, a_changed_password_is_not_remembered) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  ASSERT_TRUE(world.authenticate(basic("alice", "correct horse")));
  const PasswordChange change{"correct horse", "battery staple"};
  ASSERT_TRUE(
      world.run(change_account(world.registry, world.actor("alice"), {.password = change})));
  EXPECT_EQ(code_of(world.authenticate(basic("alice", "correct horse"))), Code::invalid_password);
  EXPECT_TRUE(world.authenticate(basic("alice", "battery staple")));
}

TEST(Authenticate, the_memory_of_passwords_is_bounded) {
  AccountWorld world;
  const auto alice = world.add_user("alice", "correct horse");
  for (int i = 0; i < 5000; ++i)
    world.credentials.remember_password(alice, std::to_string(i), world.clock.now());
  int known = 0;
  for (int i = 0; i < 5000; ++i)
    known += world.credentials.knows_password(alice, std::to_string(i), world.clock.now());
  EXPECT_GT(known, 0);
  EXPECT_LE(known, 1024);
}

TEST(Authenticate, passwords_on_requests_can_be_switched_off_but_tokens_stay) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  const auto token = world.add_token("alice", "correct horse");
  world.change_settings([](Settings& s) { s.accounts.accept_basic = false; });
  const int before = world.passwords.verified;
  EXPECT_EQ(code_of(world.authenticate(basic("alice", "correct horse"))), Code::invalid_credential);
  EXPECT_EQ(world.passwords.verified, before);
  EXPECT_TRUE(world.authenticate(basic("alice", token)));
}

TEST(Authenticate, an_outdated_hash_is_renewed_at_the_next_login) {
  AccountWorld world;
  User alice = world.add_user("alice", "correct horse");
  alice.password_hash = test::DigestPasswordHasher::old_hash("correct horse");
  ASSERT_TRUE(world.run(world.accounts.update_user(alice)));
  ASSERT_TRUE(world.authenticate(basic("alice", "correct horse")));
  EXPECT_TRUE(world.user("alice").password_hash.starts_with("$new$"));
  ASSERT_TRUE(world.authenticate(basic("alice", "correct horse")));
  EXPECT_EQ(world.passwords.verified, 1) << "the renewed revision is remembered";
}

TEST(Authenticate, ten_failures_lock_the_address_and_not_the_owner_elsewhere) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(code_of(world.authenticate(basic("alice", std::to_string(i)), "198.51.100.9")),
              Code::invalid_password);
  const int before = world.passwords.verified;
  const auto locked = world.authenticate(basic("alice", "correct horse"), "198.51.100.9");
  EXPECT_EQ(code_of(locked), Code::rate_limited);
  EXPECT_GT(locked.error().retry_after_s, 0u);
  EXPECT_LE(locked.error().retry_after_s, 300u);
  EXPECT_EQ(world.passwords.verified, before) << "a locked address costs no slow hash";
  EXPECT_TRUE(world.authenticate(basic("alice", "correct horse"), "192.0.2.77"));
  world.clock.advance(minutes(5));
  EXPECT_TRUE(world.authenticate(basic("alice", "correct horse"), "198.51.100.9"));
}

TEST(Authenticate, guesses_over_many_names_lock_the_address_too) {
  AccountWorld world;
  for (int i = 0; i < 10; ++i) (void)world.authenticate(basic("user" + std::to_string(i), "guess"));
  EXPECT_EQ(code_of(world.authenticate(basic("user99", "guess"))), Code::rate_limited);
}

TEST(Authenticate, a_host_cannot_escape_the_lock_within_its_ipv6_network) {
  AccountWorld world;
  for (int i = 0; i < 10; ++i)
    (void)world.authenticate(basic("alice", "guess"), "2001:db8::" + std::to_string(i + 1));
  EXPECT_EQ(code_of(world.authenticate(basic("alice", "guess"), "2001:db8::ffff")),
            Code::rate_limited);
  EXPECT_EQ(code_of(world.authenticate(basic("alice", "guess"), "2001:db8:0:1::1")),
            Code::invalid_password);
}

TEST(Authenticate, bad_tokens_lock_nobody) {
  AccountWorld world;
  world.add_user("alice", "correct horse");
  for (int i = 0; i < 50; ++i)
    (void)world.authenticate("Bearer " + make_token_text(std::string(30, 'x')));
  EXPECT_TRUE(world.authenticate(basic("alice", "correct horse")));
  EXPECT_EQ(world.observer.reasons.size(), 50u);
}

TEST(Authenticate, of_guesses_sent_at_once_only_as_many_count_as_the_guard_allows) {
  // Verifications that wait until all guesses have passed the first look at the guard.
  struct Parking final : PasswordHasher {
    struct Awaiter {
      std::vector<std::coroutine_handle<>>& waiting;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> h) { waiting.push_back(h); }
      void await_resume() const noexcept {}
    };
    Task<std::string> hash(std::string) override { co_return std::string{}; }
    Task<bool> verify(std::string phc, std::string password) override {
      Awaiter awaiter{waiting};
      co_await awaiter;
      co_return phc == "$new$" + password;
    }
    bool outdated(const std::string&) const override { return false; }
    std::vector<std::coroutine_handle<>> waiting;
  } parking;
  AccountWorld world;
  world.add_user("alice", "x");
  world.database.users.begin()->second.password_hash = "$new$19";
  Registry registry{world.packages,    world.accounts,         world.blobs,
                    world.clock,       world.entropy,          parking,
                    world.secrets,     world.failures,         world.observer,
                    world.credentials, world.documents,        world.answers,
                    world.downloads,   world.registry.advisories, world.processor,
                    world.rates,       world.registry.settings};
  std::vector<Task<Principal>> guesses;
  for (int i = 0; i < 20; ++i)
    guesses.push_back(authenticate(registry, basic("alice", std::to_string(i)), "192.0.2.1"));
  for (auto& guess : guesses) guess.start();
  ASSERT_EQ(parking.waiting.size(), 20u);
  for (auto waiting : parking.waiting) waiting.resume();
  EXPECT_EQ(code_of(guesses[0].take()), Code::invalid_password);
  EXPECT_EQ(code_of(guesses[19].take()), Code::rate_limited) << "the right password, too late";
}

}  // namespace
}  // namespace kontor
