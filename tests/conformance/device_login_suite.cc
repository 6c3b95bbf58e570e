// What every store of device logins promises.
#include "base/sha256.h"
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

constexpr DeviceLoginLimits kLimits{.per_client = 3, .in_all = 5};

DeviceLogin login_named(const std::string& name, const std::string& client = "192.0.2.1") {
  DeviceLogin login;
  login.id = sha256("id of " + name);
  login.code = sha256("code of " + name);
  login.client_name = "cli";
  login.client = client;
  login.expires = kNoon + minutes(15);
  login.interval = kDeviceInterval;
  return login;
}

TEST_P(AccountStoreSuite, a_device_login_waits_is_approved_and_is_taken_once) {
  EXPECT_FALSE(must(devices().put(login_named("a"), kLimits, kNoon)));
  const auto id = sha256("id of a");
  const auto code = sha256("code of a");
  auto polled = must(devices().poll(id, kNoon));
  ASSERT_TRUE(polled);
  EXPECT_EQ(polled->found, DevicePoll::waiting);
  EXPECT_EQ(polled->login.client_name, "cli");
  EXPECT_EQ(polled->login.client, "192.0.2.1");
  EXPECT_TRUE(must(devices().decide(code, ann_, kNoon)));
  EXPECT_FALSE(must(devices().decide(code, bob_, kNoon)));
  EXPECT_FALSE(must(devices().decide(code, std::nullopt, kNoon)));
  EXPECT_EQ(must(devices().find(code))->verdict, DeviceVerdict::approved);
  polled = must(devices().poll(id, kNoon + seconds(1)));
  ASSERT_TRUE(polled);
  EXPECT_EQ(polled->found, DevicePoll::approved);
  EXPECT_EQ(polled->login.user, ann_);
  EXPECT_FALSE(must(devices().poll(id, kNoon + seconds(9))));
  EXPECT_FALSE(must(devices().find(code)));
}

TEST_P(AccountStoreSuite, a_device_login_that_was_denied_says_so_once) {
  must(devices().put(login_named("a"), kLimits, kNoon));
  EXPECT_TRUE(must(devices().decide(sha256("code of a"), std::nullopt, kNoon)));
  const auto polled = must(devices().poll(sha256("id of a"), kNoon));
  ASSERT_TRUE(polled);
  EXPECT_EQ(polled->found, DevicePoll::denied);
  EXPECT_FALSE(polled->login.user);
  EXPECT_FALSE(must(devices().poll(sha256("id of a"), kNoon)));
}

TEST_P(AccountStoreSuite, polls_of_a_device_too_early_are_remembered_by_all) {
  auto second = harness_->open(loop_);
  must(devices().put(login_named("a"), kLimits, kNoon));
  const auto id = sha256("id of a");
  must(devices().poll(id, kNoon));
  const auto early = must(second.devices->poll(id, kNoon + seconds(2)));
  ASSERT_TRUE(early);
  EXPECT_EQ(early->found, DevicePoll::too_early);
  EXPECT_EQ(early->login.interval, seconds(10));
  EXPECT_EQ(must(devices().poll(id, kNoon + seconds(6)))->found, DevicePoll::too_early);
  const auto patient = must(second.devices->poll(id, kNoon + seconds(15)));
  EXPECT_EQ(patient->found, DevicePoll::waiting);
  EXPECT_EQ(patient->login.polled, kNoon + seconds(15));
}

TEST_P(AccountStoreSuite, a_device_login_expires_and_is_told_from_none_for_a_while) {
  must(devices().put(login_named("a"), kLimits, kNoon));
  const auto end = kNoon + minutes(15);
  EXPECT_FALSE(must(devices().decide(sha256("code of a"), ann_, end)));
  EXPECT_EQ(must(devices().poll(sha256("id of a"), end))->found, DevicePoll::expired);
  auto later = login_named("b");
  later.expires = end + minutes(15);
  must(devices().put(later, kLimits, end));
  EXPECT_EQ(must(devices().poll(sha256("id of a"), end))->found, DevicePoll::expired);
  must(devices().put(login_named("c"), kLimits, end + kExpiredDeviceLoginStays));
  EXPECT_FALSE(must(devices().poll(sha256("id of a"), end)));
  EXPECT_TRUE(must(devices().poll(sha256("id of b"), end)));
}

TEST_P(AccountStoreSuite, device_logins_that_wait_are_limited_and_name_the_time) {
  for (const auto* name : {"a", "b", "c"})
    EXPECT_FALSE(must(devices().put(login_named(name), kLimits, kNoon)));
  EXPECT_EQ(must(devices().put(login_named("d"), kLimits, kNoon)), kNoon + minutes(15));
  EXPECT_FALSE(must(devices().put(login_named("d", "192.0.2.2"), kLimits, kNoon)));
  EXPECT_FALSE(must(devices().put(login_named("e", "192.0.2.3"), kLimits, kNoon)));
  EXPECT_EQ(must(devices().put(login_named("f", "192.0.2.4"), kLimits, kNoon)),
            kNoon + minutes(15));
  EXPECT_FALSE(must(devices().find(sha256("code of f"))));
  EXPECT_FALSE(must(devices().put(login_named("f"), kLimits, kNoon + minutes(15))));
}

TEST_P(AccountStoreSuite, codes_of_device_logins_are_unique) {
  must(devices().put(login_named("a"), kLimits, kNoon));
  auto same_code = login_named("b");
  same_code.code = sha256("code of a");
  EXPECT_EQ(refused(devices().put(same_code, kLimits, kNoon)), Code::conflict);
  auto same_id = login_named("c");
  same_id.id = sha256("id of a");
  EXPECT_EQ(refused(devices().put(same_id, kLimits, kNoon)), Code::conflict);
}

TEST_P(AccountStoreSuite, the_trail_of_a_decision_is_kept_only_where_it_counts) {
  must(devices().put(login_named("a"), kLimits, kNoon));
  AuditEntry entry;
  entry.action = "approve_device_login";
  Trail trail;
  trail.at = kNoon;
  trail.audit.push_back(entry);
  EXPECT_TRUE(must(devices().decide(sha256("code of a"), ann_, kNoon, trail)));
  EXPECT_FALSE(must(devices().decide(sha256("code of a"), ann_, kNoon, trail)));
  const auto rows = must(packages().audit(0, 10));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].entry.action, "approve_device_login");
}

}  // namespace
}  // namespace kontor::test
