// The promises of ports/account_store.h as tests.
#include "base/sha256.h"
#include "tests/conformance/store_harness.h"

#include <gmock/gmock.h>

namespace kontor::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

User full_user(std::string name) {
  User user = user_named(std::move(name));
  user.password_hash = "$argon2id$x";
  user.is_admin = true;
  user.profile = R"({"fullname":"Ännä"})";
  user.two_factor = TwoFactorMode::auth_and_writes;
  user.totp_secret = std::string("\0\x01\xff", 3);
  user.totp_pending = true;
  user.totp_last_step = 58'000'000;
  user.totp_last_by = "token:0123";
  user.recovery_codes = {sha256("one"), sha256("two")};
  user.updated = kNoon + seconds(1);
  user.sessions_since = kNoon - seconds(1);
  return user;
}

void expect_same(const User& a, const User& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.email, b.email);
  EXPECT_EQ(a.password_hash, b.password_hash);
  EXPECT_EQ(a.is_admin, b.is_admin);
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.two_factor, b.two_factor);
  EXPECT_EQ(a.totp_secret, b.totp_secret);
  EXPECT_EQ(a.totp_pending, b.totp_pending);
  EXPECT_EQ(a.totp_last_step, b.totp_last_step);
  EXPECT_EQ(a.totp_last_by, b.totp_last_by);
  EXPECT_EQ(a.recovery_codes, b.recovery_codes);
  EXPECT_EQ(a.created, b.created);
  EXPECT_EQ(a.updated, b.updated);
  EXPECT_EQ(a.sessions_since, b.sessions_since);
}

TokenRecord token_of(UserId user, std::string key) {
  TokenRecord token;
  token.secret = sha256("secret of " + key);
  token.key = std::move(key);
  token.user = user;
  token.created = kNoon;
  return token;
}

constexpr WebLoginLimits kRoomy{.per_client = 100, .in_all = 100};

WebLogin login_of(const std::string& name) {
  return {sha256("id " + name), sha256("page " + name), "192.0.2.1", kNoon + minutes(5), {}};
}

TEST_P(AccountStoreSuite, gives_a_user_back_as_it_was_created) {
  const auto id = must(accounts().create_user(full_user("cid")));
  const auto by_name = must(accounts().find_user("cid"));
  const auto by_id = must(accounts().find_user_by_id(id));
  ASSERT_TRUE(by_name && by_id);
  EXPECT_EQ(by_name->id, id);
  EXPECT_EQ(by_id->id, id);
  expect_same(*by_name, full_user("cid"));
  expect_same(*by_id, full_user("cid"));
  EXPECT_FALSE(must(accounts().find_user("cie")));
  EXPECT_FALSE(must(accounts().find_user_by_id(UserId(777))));
}

TEST_P(AccountStoreSuite, a_user_name_is_taken_once) {
  EXPECT_EQ(refused(accounts().create_user(full_user("ann"))), Code::user_exists);
  EXPECT_EQ(must(accounts().find_user("ann"))->password_hash, "");
  EXPECT_EQ(must(accounts().count_users()), 2u);
}

TEST_P(AccountStoreSuite, one_of_many_waiting_registrations_of_a_name_wins) {
  std::vector<Task<UserId>> tasks;
  for (int i = 0; i < 20; ++i) tasks.push_back(accounts().create_user(user_named("cid")));
  int won = 0;
  for (auto& result : loop_.run_all(std::move(tasks))) {
    if (result)
      ++won;
    else
      EXPECT_EQ(result.error().code, Code::user_exists);
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(must(accounts().count_users()), 3u);
}

TEST_P(AccountStoreSuite, an_update_needs_the_revision_it_was_read_at) {
  auto user = *must(accounts().find_user("ann"));
  auto changed = full_user("renamed");
  changed.id = user.id;
  changed.revision = user.revision;
  changed.created = kNoon + seconds(99);
  must(accounts().update_user(changed));

  const auto stored = *must(accounts().find_user("ann"));
  EXPECT_GT(stored.revision, user.revision);
  auto expected = full_user("ann");
  expected.email = "renamed@example.org";
  expect_same(stored, expected);
  EXPECT_FALSE(must(accounts().find_user("renamed")));

  user.email = "late@example.org";
  EXPECT_EQ(refused(accounts().update_user(user)), Code::conflict);
  EXPECT_EQ(must(accounts().find_user("ann"))->email, "renamed@example.org");
  user.id = UserId(777);
  EXPECT_EQ(refused(accounts().update_user(user)), Code::conflict);
}

TEST_P(AccountStoreSuite, a_new_email_shows_in_the_packages_of_its_user) {
  apply(first_publish("pkg", ann_));
  apply(first_publish("other", bob_));
  const auto before = load("pkg"), other = load("other");
  auto user = *must(accounts().find_user("ann"));
  user.email = "new@example.org";
  must(accounts().update_user(user));
  EXPECT_EQ(load("pkg").owners[0].email, "new@example.org");
  EXPECT_GT(load("pkg").revision, before.revision);
  EXPECT_EQ(load("pkg").policy_revision, before.policy_revision);
  EXPECT_EQ(load("other").revision, other.revision);
}

TEST_P(AccountStoreSuite, a_removed_user_leaves_no_role_star_or_token) {
  apply(first_publish("pkg", ann_));
  apply(with(change_of("pkg"), SetStar{ann_, true},
             SetOwners{{{ann_, OwnerRole::maintainer}, {bob_, OwnerRole::maintainer}}}));
  apply(first_publish("other", bob_));
  must(accounts().put_token(token_of(ann_, "a1")));
  must(accounts().put_token(token_of(bob_, "b1")));
  const auto before = load("pkg"), other = load("other");

  must(accounts().remove_user(ann_));
  must(accounts().remove_user(ann_));
  EXPECT_FALSE(must(accounts().find_user("ann")));
  EXPECT_FALSE(must(accounts().find_token(sha256("secret of a1"))));
  EXPECT_TRUE(must(accounts().find_token(sha256("secret of b1"))));
  const auto after = load("pkg");
  ASSERT_EQ(after.owners.size(), 1u);
  EXPECT_EQ(after.owners[0].user, bob_);
  EXPECT_THAT(after.stars, IsEmpty());
  EXPECT_GT(after.revision, before.revision);
  EXPECT_GT(after.policy_revision, before.policy_revision);
  EXPECT_EQ(load("other").revision, other.revision);
  EXPECT_EQ(must(accounts().count_users()), 1u);

  const auto again = must(accounts().create_user(user_named("ann")));
  EXPECT_NE(again, ann_);
}

TEST_P(AccountStoreSuite, an_id_is_not_used_again_after_the_newest_user_is_removed) {
  const auto cid = must(accounts().create_user(user_named("cid")));
  must(accounts().remove_user(cid));
  EXPECT_NE(must(accounts().create_user(user_named("dan"))), cid);
}

TEST_P(AccountStoreSuite, lists_users_by_name_in_pages) {
  must(accounts().create_user(user_named("aaron")));
  const auto names = [&](std::string after, std::uint32_t limit) {
    std::vector<std::string> list;
    for (auto& user : must(accounts().list_users(std::move(after), limit)))
      list.push_back(user.name);
    return list;
  };
  EXPECT_THAT(names("", 10), ElementsAre("aaron", "ann", "bob"));
  EXPECT_THAT(names("", 2), ElementsAre("aaron", "ann"));
  EXPECT_THAT(names("ann", 10), ElementsAre("bob"));
  EXPECT_THAT(names("zed", 10), IsEmpty());
}

TEST_P(AccountStoreSuite, finds_a_token_by_its_secret_with_its_user) {
  auto token = token_of(ann_, "a1");
  token.name = "ci \"main\"";
  token.shown = "npm_ab";
  token.rights = TokenRights::publish;
  token.cidrs = {"10.0.0.0/8", "::1/128"};
  token.packages = {"@a/*", "b,c"};
  token.bypass_two_factor = true;
  token.expires = kNoon - seconds(1);
  token.last_used = kNoon + seconds(1);
  must(accounts().put_token(token));

  const auto found = must(accounts().find_token(token.secret));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user.name, "ann");
  EXPECT_EQ(found->user.id, ann_);
  const auto& got = found->token;
  EXPECT_EQ(got.key, "a1");
  EXPECT_EQ(got.secret, token.secret);
  EXPECT_EQ(got.user, ann_);
  EXPECT_EQ(got.name, token.name);
  EXPECT_EQ(got.shown, "npm_ab");
  EXPECT_EQ(got.rights, TokenRights::publish);
  EXPECT_EQ(got.cidrs, token.cidrs);
  EXPECT_EQ(got.packages, token.packages);
  EXPECT_TRUE(got.bypass_two_factor);
  EXPECT_EQ(got.created, kNoon);
  EXPECT_EQ(got.expires, token.expires);
  EXPECT_EQ(got.last_used, token.last_used);
  EXPECT_FALSE(must(accounts().find_token(sha256("another"))));
}

TEST_P(AccountStoreSuite, keys_and_secrets_of_tokens_are_unique) {
  must(accounts().put_token(token_of(ann_, "a1")));
  auto same_key = token_of(bob_, "a1");
  same_key.secret = sha256("fresh");
  EXPECT_EQ(refused(accounts().put_token(same_key)), Code::conflict);
  auto same_secret = token_of(bob_, "b1");
  same_secret.secret = sha256("secret of a1");
  EXPECT_EQ(refused(accounts().put_token(same_secret)), Code::conflict);
  EXPECT_EQ(refused(accounts().put_token(token_of(UserId(777), "x1"))), Code::not_found);
  EXPECT_EQ(must(accounts().find_token(sha256("secret of a1")))->user.id, ann_);
  EXPECT_EQ(must(accounts().list_tokens(bob_, 0, 10)).total, 0u);
}

TEST_P(AccountStoreSuite, lists_tokens_newest_first_in_pages) {
  for (int i = 0; i < 5; ++i) {
    auto token = token_of(ann_, "a" + std::to_string(i));
    token.created = kNoon + seconds(i);
    must(accounts().put_token(token));
  }
  must(accounts().put_token(token_of(bob_, "b1")));
  const auto page = must(accounts().list_tokens(ann_, 1, 3));
  EXPECT_EQ(page.total, 5u);
  ASSERT_EQ(page.tokens.size(), 3u);
  EXPECT_EQ(page.tokens[0].key, "a3");
  EXPECT_EQ(page.tokens[2].key, "a1");
  EXPECT_THAT(must(accounts().list_tokens(ann_, 9, 3)).tokens, IsEmpty());
}

TEST_P(AccountStoreSuite, a_token_is_removed_by_its_user_only) {
  must(accounts().put_token(token_of(ann_, "a1")));
  EXPECT_FALSE(must(accounts().remove_token(bob_, "a1")));
  EXPECT_TRUE(must(accounts().find_token(sha256("secret of a1"))));
  EXPECT_TRUE(must(accounts().remove_token(ann_, "a1")));
  EXPECT_FALSE(must(accounts().remove_token(ann_, "a1")));
  EXPECT_FALSE(must(accounts().find_token(sha256("secret of a1"))));
}

TEST_P(AccountStoreSuite, remembers_the_last_use_of_a_token_to_the_minute) {
  must(accounts().put_token(token_of(ann_, "a1")));
  const auto last_used = [&] {
    return must(accounts().find_token(sha256("secret of a1")))->token.last_used;
  };
  EXPECT_EQ(last_used(), std::nullopt);
  must(accounts().touch_token("a1", kNoon));
  EXPECT_EQ(last_used(), kNoon);
  must(accounts().touch_token("a1", kNoon + seconds(59)));
  EXPECT_EQ(last_used(), kNoon);
  must(accounts().touch_token("a1", kNoon - seconds(500)));
  EXPECT_EQ(last_used(), kNoon);
  must(accounts().touch_token("a1", kNoon + seconds(60)));
  EXPECT_EQ(last_used(), kNoon + seconds(60));
  must(accounts().touch_token("absent", kNoon));
}

TEST_P(AccountStoreSuite, a_session_has_its_user_until_it_is_revoked) {
  EXPECT_EQ(must(accounts().find_session_user(ann_, "s1"))->name, "ann");
  EXPECT_FALSE(must(accounts().find_session_user(UserId(777), "s1")));
  const RevokedSession session{"s1", ann_, kNoon + days(7)};
  must(accounts().revoke_session(session, kNoon));
  must(accounts().revoke_session(session, kNoon));
  EXPECT_FALSE(must(accounts().find_session_user(ann_, "s1")));
  EXPECT_TRUE(must(accounts().find_session_user(ann_, "s2")));

  EXPECT_EQ(must(accounts().remove_expired(kNoon + days(6), 10)), 0u);
  EXPECT_EQ(must(accounts().remove_expired(kNoon + days(7), 10)), 1u);
}

TEST_P(AccountStoreSuite, too_many_revoked_sessions_end_all_of_their_user) {
  for (std::uint32_t i = 0; i < kMaxRevokedSessions; ++i)
    must(accounts().revoke_session({"s" + std::to_string(i), ann_, kNoon + days(7)}, kNoon));
  EXPECT_EQ(must(accounts().find_user_by_id(ann_))->sessions_since, Timestamp{});
  must(accounts().revoke_session({"last", ann_, kNoon + days(7)}, kNoon));
  EXPECT_EQ(must(accounts().find_user_by_id(ann_))->sessions_since, kNoon);
  EXPECT_EQ(must(accounts().find_user_by_id(bob_))->sessions_since, Timestamp{});
  EXPECT_EQ(must(accounts().remove_expired(kNoon + days(7), 2 * kMaxRevokedSessions)), 0u);
}

TEST_P(AccountStoreSuite, a_removed_user_takes_the_notes_of_sessions_along) {
  must(accounts().revoke_session({"s1", ann_, kNoon + days(7)}, kNoon));
  must(accounts().remove_user(ann_));
  EXPECT_FALSE(must(accounts().find_session_user(ann_, "s2")));
  must(accounts().revoke_session({"s2", ann_, kNoon + days(7)}, kNoon));
  EXPECT_EQ(must(accounts().remove_expired(kNoon + days(7), 10)), 0u);
}

TEST_P(AccountStoreSuite, a_web_login_is_approved_once_and_taken_once) {
  const auto login = login_of("x");
  EXPECT_FALSE(must(accounts().put_web_login(login, kRoomy, kNoon)));
  EXPECT_EQ(refused(accounts().put_web_login(login, kRoomy, kNoon)), Code::conflict);
  const auto found = must(accounts().find_web_login(login.id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->page, login.page);
  EXPECT_EQ(found->client, login.client);
  EXPECT_EQ(found->expires, login.expires);
  EXPECT_EQ(found->approved_by, std::nullopt);
  EXPECT_TRUE(must(accounts().find_web_login_page(login.page)));
  EXPECT_FALSE(must(accounts().find_web_login(login.page)));
  EXPECT_FALSE(must(accounts().take_web_login(login.id)));

  EXPECT_FALSE(must(accounts().approve_web_login(login.page, UserId(777), kNoon)));
  EXPECT_FALSE(must(accounts().approve_web_login(login.id, ann_, kNoon)));
  EXPECT_TRUE(must(accounts().approve_web_login(login.page, ann_, kNoon)));
  EXPECT_FALSE(must(accounts().approve_web_login(login.page, bob_, kNoon)));

  std::vector<Task<std::optional<WebLogin>>> polls;
  for (int i = 0; i < 10; ++i) polls.push_back(accounts().take_web_login(login.id));
  int taken = 0;
  for (auto& result : loop_.run_all(std::move(polls))) {
    ASSERT_TRUE(result);
    if (!*result) continue;
    ++taken;
    EXPECT_EQ((*result)->approved_by, ann_);
    EXPECT_EQ((*result)->page, login.page);
  }
  EXPECT_EQ(taken, 1);
  EXPECT_FALSE(must(accounts().find_web_login(login.id)));
  EXPECT_FALSE(must(accounts().find_web_login_page(login.page)));
}

TEST_P(AccountStoreSuite, an_expired_web_login_cannot_be_approved) {
  const auto login = login_of("x");
  EXPECT_FALSE(must(accounts().put_web_login(login, kRoomy, kNoon)));
  EXPECT_FALSE(must(accounts().approve_web_login(login.page, ann_, login.expires)));
  EXPECT_TRUE(must(accounts().find_web_login(login.id)));
}

TEST_P(AccountStoreSuite, web_logins_that_wait_are_limited_by_client_and_in_all) {
  const WebLoginLimits limits{.per_client = 2, .in_all = 3};
  const auto put = [&](const std::string& name, const std::string& client, Duration after,
                       Timestamp now = kNoon) {
    WebLogin login = login_of(name);
    login.client = client;
    login.expires = kNoon + after;
    return must(accounts().put_web_login(login, limits, now));
  };
  EXPECT_EQ(put("a", "ann", minutes(5)), std::nullopt);
  EXPECT_EQ(put("b", "ann", minutes(4)), std::nullopt);
  EXPECT_EQ(put("c", "ann", minutes(9)), kNoon + minutes(4)) << "the first of hers to expire";
  EXPECT_FALSE(must(accounts().find_web_login(login_of("c").id)));
  EXPECT_EQ(put("d", "bob", minutes(3)), std::nullopt);
  EXPECT_EQ(put("e", "cid", minutes(9)), kNoon + minutes(3)) << "the first of all to expire";

  EXPECT_EQ(put("e", "cid", minutes(9), kNoon + minutes(3)), std::nullopt) << "one has expired";
  ASSERT_TRUE(must(accounts().approve_web_login(login_of("a").page, ann_, kNoon)));
  must(accounts().take_web_login(login_of("a").id));
  EXPECT_EQ(put("c", "ann", minutes(9), kNoon + minutes(3)), std::nullopt) << "one is done";
}

TEST_P(AccountStoreSuite, removes_what_has_expired_in_bounded_steps) {
  const auto put_token = [&](const std::string& key, std::optional<Timestamp> expires) {
    auto token = token_of(ann_, key);
    token.expires = expires;
    must(accounts().put_token(token));
  };
  put_token("a", kNoon - seconds(1));
  put_token("b", kNoon);
  put_token("c", kNoon + seconds(1));
  put_token("d", std::nullopt);
  auto old = login_of("x");
  old.expires = kNoon;
  must(accounts().put_web_login(old, kRoomy, kNoon - minutes(1)));
  must(accounts().put_web_login(login_of("y"), kRoomy, kNoon - minutes(1)));

  EXPECT_EQ(must(accounts().remove_expired(kNoon, 1)), 2u) << "one token, one login";
  EXPECT_EQ(must(accounts().list_tokens(ann_, 0, 10)).total, 3u);
  EXPECT_EQ(must(accounts().remove_expired(kNoon, 10)), 1u);
  EXPECT_EQ(must(accounts().remove_expired(kNoon, 10)), 0u);
  const auto left = must(accounts().list_tokens(ann_, 0, 10));
  ASSERT_EQ(left.tokens.size(), 2u);
  EXPECT_EQ(left.tokens[0].key, "d");
  EXPECT_EQ(left.tokens[1].key, "c");
  EXPECT_FALSE(must(accounts().find_web_login(old.id)));
  EXPECT_TRUE(must(accounts().find_web_login(login_of("y").id)));
}

}  // namespace
}  // namespace kontor::test
