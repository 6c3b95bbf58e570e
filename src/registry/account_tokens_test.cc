// Tokens: what is issued, shown, listed and revoked.
#include "registry/account_tokens.h"

#include "adapters/memory/log_store.h"
#include "base/sha256.h"
#include "domain/token_text.h"
#include "tests/support/account_world.h"

#include <gmock/gmock.h>

#include <set>

namespace kontor {
namespace {

using test::AccountWorld;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

template <class T>
std::string verdict(const Result<T>& result) {
  return result ? "ok" : std::string(info(result.error().code).name);
}

struct AccountTokens : testing::Test {
  AccountTokens() {
    world.add_user("alice", "correct horse");
    world.add_user("bob", "correct horse");
  }
  Result<IssuedToken> wish(TokenWish wanted, const char* password = "correct horse") {
    return world.run(issue_token(world.registry, world.actor("alice"), password, wanted));
  }
  std::string revoke(const char* user, const std::string& named) {
    return verdict(world.run(revoke_token(world.registry, world.actor(user), named)));
  }
  AccountWorld world;
};

TEST_F(AccountTokens, the_text_is_in_the_answer_and_nowhere_else) {
  const auto issued = wish({.name = "ci"});
  ASSERT_TRUE(issued);
  EXPECT_TRUE(is_token_text(issued->text));
  const auto& stored = world.database.tokens.at(issued->record.key);
  EXPECT_EQ(stored.secret, sha256(issued->text));
  EXPECT_EQ(stored.name, "ci");
  EXPECT_EQ(stored.created, world.clock.now());
  EXPECT_EQ(stored.shown, issued->text.substr(0, 10));
  const auto everything = world.everything_stored();
  EXPECT_THAT(everything, Not(HasSubstr(issued->text)));
  EXPECT_THAT(everything, Not(HasSubstr(issued->text.substr(10, 12))));
  EXPECT_THAT(everything, Not(HasSubstr("correct horse")));
  EXPECT_THAT(world.audited(), ElementsAre("issue_token"));
}

TEST_F(AccountTokens, no_two_are_alike) {
  std::set<std::string> texts, keys;
  for (int i = 0; i < 100; ++i) {
    const auto issued = wish({});
    ASSERT_TRUE(issued);
    texts.insert(issued->text);
    keys.insert(issued->record.key);
  }
  EXPECT_EQ(texts.size(), 100u);
  EXPECT_EQ(keys.size(), 100u);
}

TEST_F(AccountTokens, a_wish_needs_the_password_and_a_full_login) {
  EXPECT_EQ(verdict(wish({}, "wrong")), "invalid_password");
  Actor weak = world.actor("alice");
  weak.principal.credential = Credential::token;
  weak.principal.rights = TokenRights::publish;
  EXPECT_EQ(verdict(world.run(issue_token(world.registry, weak, "correct horse", {}))),
            "insufficient_scope");
  weak.principal.rights = TokenRights::full;
  weak.principal.packages = {"@scope/*"};
  EXPECT_EQ(verdict(world.run(issue_token(world.registry, weak, "correct horse", {}))),
            "insufficient_scope");
  EXPECT_EQ(verdict(world.run(issue_token(world.registry, world.stranger(), "x", {}))),
            "unauthenticated");
  EXPECT_TRUE(world.database.tokens.empty());
}

TEST_F(AccountTokens, a_read_only_registry_issues_and_revokes_none) {
  const auto text = world.add_token("alice", "correct horse");
  world.change_settings([](Settings& s) { s.policy.read_only = true; });
  EXPECT_EQ(verdict(wish({})), "read_only");
  EXPECT_EQ(verdict(world.run(
                issue_login(world.registry, world.user("alice"), "login", world.stranger()))),
            "read_only");
  EXPECT_EQ(revoke("alice", text), "read_only");
  EXPECT_EQ(verdict(world.run(log_out(world.registry, world.stranger(), text))), "read_only");
  EXPECT_EQ(world.database.tokens.size(), 1u);
}

TEST_F(AccountTokens, malformed_wishes_are_refused) {
  const auto now = world.clock.now();
  const TokenWish table[] = {
      {.name = std::string(257, 'x')},
      {.name = "line\nbreak"},
      {.cidrs = {"10.0.0.0/33"}},
      {.cidrs = {"example.org"}},
      {.cidrs = {""}},
      {.cidrs = std::vector<std::string>(65, "10.0.0.0/8")},
      {.packages = {""}},
      {.packages = {"a*b"}},
      {.packages = {"a b"}},
      {.packages = {std::string(257, 'x')}},
      {.packages = std::vector<std::string>(257, "left-pad")},
      {.expires = now},
      {.expires = now - days(1)},
  };
  for (const auto& wanted : table) EXPECT_EQ(verdict(wish(wanted)), "bad_request");
  EXPECT_TRUE(world.database.tokens.empty());
}

TEST_F(AccountTokens, address_blocks_are_stored_in_one_spelling) {
  const auto issued = wish({.cidrs = {"10.1.2.3/8", "2001:DB8:0::/32"}});
  ASSERT_TRUE(issued);
  EXPECT_THAT(issued->record.cidrs, ElementsAre("10.0.0.0/8", "2001:db8::/32"));
}

TEST_F(AccountTokens, the_configured_life_bounds_every_token) {
  world.change_settings([](Settings& s) { s.accounts.token_max_days = 30; });
  const auto now = world.clock.now();
  EXPECT_EQ(verdict(wish({.expires = now + days(31)})), "bad_request");
  EXPECT_EQ(wish({.expires = now + days(30)})->record.expires, now + days(30));
  EXPECT_EQ(wish({})->record.expires, now + days(30));
  const auto login =
      world.run(issue_login(world.registry, world.user("alice"), "login", world.stranger()));
  ASSERT_TRUE(login);
  const auto& tokens = world.database.tokens;
  const auto stored = std::ranges::find_if(
      tokens, [&](const auto& entry) { return entry.second.secret == sha256(*login); });
  ASSERT_NE(stored, tokens.end());
  EXPECT_EQ(stored->second.expires, now + days(30));
  world.change_settings([](Settings& s) { s.accounts.token_max_days = 0; });
  EXPECT_EQ(wish({})->record.expires, std::nullopt);
}

TEST_F(AccountTokens, one_user_keeps_at_most_a_thousand) {
  for (int i = 0; i < 1000; ++i) {
    TokenRecord token;
    token.key = "key" + std::to_string(i);
    token.secret = sha256(token.key);
    token.user = world.user("alice").id;
    world.database.tokens.emplace(token.key, token);
  }
  EXPECT_EQ(verdict(wish({})), "forbidden");
  EXPECT_TRUE(
      world.run(issue_login(world.registry, world.user("alice"), "login", world.stranger())))
      << "a login still works";
}

TEST_F(AccountTokens, lists_are_the_callers_own_newest_first) {
  ASSERT_TRUE(wish({.name = "first"}));
  world.clock.advance(seconds(1));
  ASSERT_TRUE(wish({.name = "second"}));
  world.add_token("bob", "correct horse");
  auto page = world.run(list_own_tokens(world.registry, world.actor("alice").principal, 0, 10));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->total, 2u);
  ASSERT_EQ(page->tokens.size(), 2u);
  EXPECT_EQ(page->tokens[0].name, "second");
  EXPECT_EQ(page->tokens[1].name, "first");
  page = world.run(list_own_tokens(world.registry, world.actor("alice").principal, 1, 10));
  ASSERT_EQ(page->tokens.size(), 1u);
  EXPECT_EQ(page->tokens[0].name, "first");
  EXPECT_EQ(verdict(world.run(list_own_tokens(world.registry, Principal{}, 0, 10))),
            "unauthenticated");
}

TEST_F(AccountTokens, are_revoked_by_key_text_or_unique_beginning) {
  for (int way = 0; way < 4; ++way) {
    const auto issued = wish({});
    ASSERT_TRUE(issued);
    const std::string named[] = {issued->record.key, issued->text, issued->record.shown,
                                 issued->record.key.substr(0, 6)};
    EXPECT_EQ(revoke("alice", named[way]), "ok") << named[way];
    EXPECT_FALSE(world.authenticate("Bearer " + issued->text));
    EXPECT_EQ(revoke("alice", named[way]), "not_found") << named[way];
  }
}

TEST_F(AccountTokens, an_ambiguous_or_short_name_revokes_nothing) {
  const auto one = wish({});
  const auto two = wish({});
  ASSERT_TRUE(one && two);
  for (auto& [key, token] : world.database.tokens) token.shown = "npm_SAMEab";
  EXPECT_EQ(revoke("alice", "npm_SAME"), "conflict");
  EXPECT_EQ(revoke("alice", one->record.key.substr(0, 5)), "not_found");
  EXPECT_EQ(revoke("alice", ""), "not_found");
  EXPECT_EQ(world.database.tokens.size(), 2u);
}

TEST_F(AccountTokens, nobody_revokes_those_of_others) {
  const auto issued = wish({});
  ASSERT_TRUE(issued);
  for (const auto& named : {issued->record.key, issued->text, issued->record.shown})
    EXPECT_EQ(revoke("bob", named), "not_found");
  EXPECT_TRUE(world.authenticate("Bearer " + issued->text));
}

TEST_F(AccountTokens, the_text_itself_is_enough_to_log_out) {
  const auto text = world.add_token("alice", "correct horse");
  const auto other = world.add_token("alice", "correct horse");
  EXPECT_EQ(verdict(world.run(log_out(world.registry, world.stranger(), text))), "ok");
  EXPECT_FALSE(world.authenticate("Bearer " + text));
  EXPECT_TRUE(world.authenticate("Bearer " + other));
  for (const auto& unknown :
       {text, std::string(), std::string("npm_x"), world.database.tokens.begin()->first})
    EXPECT_EQ(verdict(world.run(log_out(world.registry, world.stranger(), unknown))), "ok");
  EXPECT_TRUE(world.authenticate("Bearer " + other)) << "a key is not the text";
  EXPECT_EQ(world.audited().back(), "log_out");
}

TEST_F(AccountTokens, what_may_change_something_is_in_the_log) {
  memory::LogStore log(world.database);
  const auto leaves = [&] {
    std::vector<std::string> out;
    const auto entries = world.run(log.entries(LogId::open, 0, 100));
    for (const Bytes& entry : *entries) out.push_back(entry.substr(0, entry.find("\ntime ")));
    return out;
  };
  TokenWish reader;
  reader.rights = TokenRights::read_only;
  world.add_token("alice", "correct horse", reader);
  EXPECT_THAT(leaves(), testing::IsEmpty());
  const auto issued =
      world.run(issue_token(world.registry, world.actor("alice"), "correct horse", {}));
  ASSERT_TRUE(issued);
  const std::string account = world.user("alice").account, key = issued->record.key;
  const std::string added = "pkglog/v1 token\nchange add\naccount " + account + "\ntoken " + key +
                            "\nrights full\nby " + account + " session";
  EXPECT_THAT(leaves(), testing::ElementsAre(added));
  ASSERT_TRUE(world.run(log_out(world.registry, world.stranger(), issued->text)));
  EXPECT_THAT(leaves(), testing::ElementsAre(
                            added, "pkglog/v1 token\nchange remove\naccount " + account + "\ntoken " +
                                       key + "\nrights full\nby " + account + " token:" + key));
}

}  // namespace
}  // namespace kontor
