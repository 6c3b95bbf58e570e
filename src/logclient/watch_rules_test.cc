// Which entries a monitor tells of.
#include "logclient/watch_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::logclient {
namespace {

using Kind = tlog::Credential::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kTime = 1'760'000'000;

class WatchRulesTest : public ::testing::Test {
 protected:
  // The rules that the next entry breaks.
  std::vector<std::string> feed(tlog::Event event, const std::string& account = "acct_ada",
                                std::uint64_t time = kTime) {
    return feed({std::move(event), {tlog::Account(account), {Kind::session, {}, {}}}, time});
  }
  std::vector<std::string> feed(const tlog::Leaf& leaf) {
    const auto text = tlog::print_leaf(leaf);
    EXPECT_TRUE(text) << text.error().message();
    return feed(*text);
  }
  std::vector<std::string> feed(const std::string& text) {
    findings_ = {};
    rules_.entry(index_++, text, findings_);
    std::vector<std::string> broken;
    for (const auto& alarm : findings_.alarms) {
      EXPECT_EQ(alarm.index, index_ - 1);
      EXPECT_FALSE(alarm.text.empty());
      broken.push_back(alarm.rule);
    }
    return broken;
  }

  static tlog::PublishEvent publish(std::string version, std::string name = "@acme/tool") {
    return {{"npm", std::move(name)}, std::move(version), {1, {}, {}, {}}};
  }
  static tlog::OwnerEvent owner(tlog::Change change, std::string account,
                                std::string role = "maintainer") {
    return {{"npm", "@acme/tool"},
            change,
            tlog::Account(std::move(account)),
            tlog::Word(std::move(role))};
  }

  WatchRules rules_{{{"@mine/*"}, {"acct_me"}}};
  Findings findings_;
  std::uint64_t index_ = 0;
};

TEST_F(WatchRulesTest, an_honest_log_is_silent) {
  EXPECT_THAT(feed(publish("1.0.0")), IsEmpty());
  EXPECT_THAT(feed(owner(tlog::Change::add, "acct_ada")), IsEmpty());
  EXPECT_THAT(feed(publish("1.0.1")), IsEmpty());
  EXPECT_THAT(feed(owner(tlog::Change::add, "acct_bob")), IsEmpty());
  EXPECT_THAT(feed(publish("1.1.0"), "acct_bob", kTime + 5), IsEmpty());
  EXPECT_THAT(feed(tlog::WithdrawEvent{{"npm", "@acme/tool"}, "1.0.0", tlog::Word("user")},
                   "acct_bob", kTime + 5),
              IsEmpty());
}

TEST_F(WatchRulesTest, a_release_is_published_once_for_ever) {
  feed(publish("1.0.0"));
  feed(tlog::WithdrawEvent{{"npm", "@acme/tool"}, "1.0.0", tlog::Word("user")});
  EXPECT_THAT(feed(publish("1.0.0")), ElementsAre("published_twice"));
  EXPECT_THAT(feed(publish("1.0.0", "@acme/other")), IsEmpty());
}

TEST_F(WatchRulesTest, a_stranger_and_a_former_owner_may_not_publish) {
  feed(publish("1.0.0"));
  feed(owner(tlog::Change::add, "acct_ada"));
  EXPECT_THAT(feed(publish("1.0.1"), "acct_eve"), ElementsAre("published_by_no_owner"));
  feed(owner(tlog::Change::add, "acct_bob"));
  feed(owner(tlog::Change::remove, "acct_bob"));
  EXPECT_THAT(feed(publish("1.0.2"), "acct_bob"), ElementsAre("published_by_no_owner"));
  feed(owner(tlog::Change::add, "acct_bob", "reader"));
  EXPECT_THAT(feed(publish("1.0.3"), "acct_bob"), ElementsAre("published_by_no_owner"));
}

TEST_F(WatchRulesTest, a_trusted_publisher_may_publish_until_it_is_removed) {
  feed(publish("1.0.0"));
  const tlog::PublisherEvent trusted{
      {"npm", "@acme/tool"}, tlog::Change::add, {"github", "acme/tool"}, {}};
  feed(trusted);
  const tlog::Author job{tlog::Account("acct_ci"), {Kind::oidc, "acme/tool", "github"}};
  const tlog::Author other{tlog::Account("acct_ci"), {Kind::oidc, "acme/fork", "github"}};
  EXPECT_THAT(feed({publish("1.0.1"), job, kTime}), IsEmpty());
  EXPECT_THAT(feed({publish("1.0.2"), other, kTime}), ElementsAre("published_by_no_owner"));
  auto gone = trusted;
  gone.change = tlog::Change::remove;
  feed(gone);
  EXPECT_THAT(feed({publish("1.0.3"), job, kTime}), ElementsAre("published_by_no_owner"));
}

TEST_F(WatchRulesTest, a_key_after_the_first_of_its_use_is_told_of_and_so_is_an_end) {
  const auto key = [](std::string use, std::string id) {
    return tlog::KeyEvent{tlog::Word(std::move(use)), std::move(id), {}, {}};
  };
  EXPECT_THAT(feed(key("log_public", "registry.example/log/public+1")), IsEmpty());
  EXPECT_THAT(feed(key("releases", "SHA256:one")), IsEmpty());
  EXPECT_THAT(feed(key("log_public", "registry.example/log/public+2")), ElementsAre("key_changed"));
  auto ended = key("log_public", "registry.example/log/public+1");
  ended.expires = kTime;
  EXPECT_THAT(feed(ended), ElementsAre("key_changed"));
  EXPECT_THAT(findings_.alarms[0].text, ::testing::HasSubstr("signs no more"));
}

TEST_F(WatchRulesTest, owners_of_a_package_that_changed_logs_are_not_known) {
  feed(tlog::PolicyEvent{tlog::PackageRef{"npm", "@acme/tool"}, tlog::Word("visibility"),
                         "restricted", "public"});
  EXPECT_THAT(feed(publish("2.0.0")), IsEmpty());
  EXPECT_THAT(feed(publish("2.0.1"), "acct_bob"), IsEmpty());
}

TEST_F(WatchRulesTest, time_does_not_go_back) {
  feed(publish("1.0.0"));
  EXPECT_THAT(feed(publish("1.0.1"), "acct_ada", kTime - 1), ElementsAre("time_went_back"));
  EXPECT_THAT(feed(publish("1.0.2"), "acct_ada", kTime), IsEmpty());
  EXPECT_EQ(rules_.latest_time(), kTime);
}

TEST_F(WatchRulesTest, what_is_no_leaf_is_told) {
  EXPECT_THAT(feed(std::string("hello\n")), ElementsAre("not_a_leaf"));
  EXPECT_THAT(feed(std::string()), ElementsAre("not_a_leaf"));
}

TEST_F(WatchRulesTest, all_that_concerns_watched_packages_is_told_save_ones_own_acts) {
  EXPECT_THAT(feed(publish("1.0.0", "@mine/a")), ElementsAre("watched"));
  ASSERT_EQ(findings_.releases.size(), 1U);
  EXPECT_EQ(findings_.releases[0].event.version, "1.0.0");
  EXPECT_THAT(feed(tlog::TagEvent{{"npm", "@mine/a"}, "latest", {}, "1.0.0"}),
              ElementsAre("watched"));
  EXPECT_EQ(findings_.alarms[0].package, "@mine/a");
  EXPECT_THAT(feed(tlog::TagEvent{{"npm", "@mine/a"}, "next", {}, "1.0.0"}, "acct_me"), IsEmpty());
  EXPECT_THAT(feed(tlog::PolicyEvent{{}, tlog::Word("cooldown"), {}, "1"}), IsEmpty());
}

TEST(Matches, stars_stand_for_any_characters) {
  for (const auto& [pattern, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"@a/*", "@a/b"},
                                                                  {"a/*", "@a/b"},
                                                                  {"*", "x"},
                                                                  {"*", "@a/b"},
                                                                  {"x", "x"},
                                                                  {"x-*", "x-"},
                                                                  {"*-cli", "my-cli-cli"},
                                                                  {"a*b*c", "aXbYbc"}})
    EXPECT_TRUE(matches(pattern, name)) << pattern << " " << name;
  for (const auto& [pattern, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"@a/*", "@ab/c"},
                                                                  {"a/*", "@b/c"},
                                                                  {"x", "xy"},
                                                                  {"x-*", "x"},
                                                                  {"*-cli", "cli"},
                                                                  {"", "x"},
                                                                  {"a*b", "ac"}})
    EXPECT_FALSE(matches(pattern, name)) << pattern << " " << name;
}

}  // namespace
}  // namespace kontor::logclient
