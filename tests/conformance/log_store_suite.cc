// What every store promises of leaves: stored with their change or not at all, numbered in order of
// the commits, never lost again.
#include "base/sha256.h"
#include "ports/audit_row.h"
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

using testing::ElementsAre;

LogEvent publish_event(const std::string& name, UserId by, LogId log, std::string version) {
  const VersionRecord record = version_record(version, name);
  tlog::PublishEvent event{
      {"npm", name},
      std::move(version),
      {record.archive.size, record.archive.sha256, record.archive.sha512, sha256(name)}};
  return {log, event, {by, {tlog::Credential::Kind::token, "0a", {}}}, {}};
}

std::uint64_t noon_seconds() {
  return static_cast<std::uint64_t>(kNoon.ms / 1000);
}

}  // namespace

PackageChange LogStoreSuite::logged_publish(std::string name, LogId log) {
  PackageChange change = first_publish(name, ann_);
  change.log.push_back(publish_event(name, ann_, log, "1.0.0"));
  return change;
}

std::vector<tlog::Leaf> LogStoreSuite::leaves(LogId log) {
  std::vector<tlog::Leaf> out;
  for (const Bytes& entry : must(this->log().entries(log, 0, 1000))) {
    auto leaf = tlog::parse_leaf(entry);
    EXPECT_TRUE(leaf) << entry;
    if (leaf) out.push_back(std::move(*leaf));
  }
  return out;
}

namespace {

TEST_P(LogStoreSuite, a_new_log_is_empty) {
  for (const LogId id : kLogs) {
    EXPECT_EQ(must(log().size(id)), 0u);
    EXPECT_TRUE(must(log().entries(id, 0, 10)).empty());
  }
}

TEST_P(LogStoreSuite, a_change_brings_its_leaves_in_order) {
  PackageChange change = logged_publish("a");
  change.log.push_back(
      {LogId::open, tlog::TagEvent{{"npm", "a"}, "latest", {}, "1.0.0"}, {ann_, {}}, {}});
  const auto applied = apply(change);
  EXPECT_THAT(applied.logged, ElementsAre(LogPlace{LogId::open, 0}, LogPlace{LogId::open, 1}));
  EXPECT_EQ(must(log().size(LogId::open)), 2u);

  const auto account = must(accounts().find_user("ann"))->account;
  const auto found = leaves(LogId::open);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].event, change.log[0].event);
  EXPECT_EQ(found[1].event, change.log[1].event);
  EXPECT_EQ(found[0].by.account.value, account);
  EXPECT_EQ(found[0].by.credential, change.log[0].by.credential);
  EXPECT_EQ(found[0].time, noon_seconds());
}

TEST_P(LogStoreSuite, every_user_has_an_account_of_its_own_that_stays) {
  const auto ann = *must(accounts().find_user("ann")), bob = *must(accounts().find_user("bob"));
  EXPECT_TRUE(ann.account.starts_with("acct_"));
  EXPECT_NE(ann.account, bob.account);
  User changed = ann;
  changed.account = "acct_other";
  changed.email = "new@example.org";
  must(accounts().update_user(changed));
  EXPECT_EQ(must(accounts().find_user("ann"))->account, ann.account);
}

TEST_P(LogStoreSuite, the_registry_itself_has_no_account) {
  PackageChange change = logged_publish("a");
  change.log[0].by = {std::nullopt, {tlog::Credential::Kind::job, "import", {}}};
  apply(change);
  EXPECT_EQ(leaves(LogId::open)[0].by.account.value, "system");
}

TEST_P(LogStoreSuite, an_event_about_a_user_names_the_account) {
  PackageChange change = logged_publish("a");
  tlog::OwnerEvent event{{"npm", "a"}, tlog::Change::add, {}, tlog::Word("maintainer")};
  change.log = {{LogId::open, event, {ann_, {}}, bob_}};
  apply(change);
  const auto leaf = leaves(LogId::open).at(0);
  EXPECT_EQ(std::get<tlog::OwnerEvent>(leaf.event).account.value,
            must(accounts().find_user("bob"))->account);
  change = with(change_of("a"));
  change.log = {{LogId::open, event, {ann_, {}}, UserId(4711)}};
  EXPECT_EQ(apply_refused(change), Code::conflict);
}

TEST_P(LogStoreSuite, logs_are_numbered_apart) {
  EXPECT_THAT(apply(logged_publish("a")).logged, ElementsAre(LogPlace{LogId::open, 0}));
  EXPECT_THAT(apply(logged_publish("b", LogId::restricted)).logged,
              ElementsAre(LogPlace{LogId::restricted, 0}));
  EXPECT_THAT(apply(logged_publish("c")).logged, ElementsAre(LogPlace{LogId::open, 1}));
}

TEST_P(LogStoreSuite, a_refused_change_leaves_no_leaf_and_no_gap) {
  apply(logged_publish("a"));
  EXPECT_EQ(apply_refused(logged_publish("a")), Code::conflict);
  PackageChange stranger = logged_publish("b");
  stranger.log[0].by.user = UserId(4711);
  EXPECT_EQ(apply_refused(stranger), Code::conflict);
  PackageChange unprintable = logged_publish("c");
  std::get<tlog::PublishEvent>(unprintable.log[0].event).version.clear();
  EXPECT_EQ(apply_refused(unprintable), Code::bad_request);
  EXPECT_EQ(must(log().size(LogId::open)), 1u);
  EXPECT_FALSE(must(packages().find(key_of("b"))));
  EXPECT_FALSE(must(packages().find(key_of("c"))));
  EXPECT_THAT(apply(logged_publish("d")).logged, ElementsAre(LogPlace{LogId::open, 1}));
}

TEST_P(LogStoreSuite, time_never_falls_in_a_log) {
  PackageChange late = logged_publish("a"), early = logged_publish("b");
  late.at = kNoon + minutes(1);
  early.at = kNoon;
  apply(late);
  apply(early);
  const auto found = leaves(LogId::open);
  EXPECT_EQ(found[0].time, noon_seconds() + 60);
  EXPECT_EQ(found[1].time, noon_seconds() + 60);
}

TEST_P(LogStoreSuite, entries_are_read_by_range) {
  for (const char* name : {"a", "b", "c"}) apply(logged_publish(name));
  const auto all = must(log().entries(LogId::open, 0, 3));
  ASSERT_EQ(all.size(), 3u);
  EXPECT_THAT(must(log().entries(LogId::open, 1, 1)), ElementsAre(all[1]));
  EXPECT_THAT(must(log().entries(LogId::open, 2, 100)), ElementsAre(all[2]));
  EXPECT_TRUE(must(log().entries(LogId::open, 3, 100)).empty());
  EXPECT_TRUE(must(log().entries(LogId::open, ~std::uint64_t{0}, 100)).empty());
  EXPECT_EQ(refused(log().entries(LogId::open, 0, 65'537)), Code::too_large);
}

TEST_P(LogStoreSuite, a_version_knows_its_leaf_also_after_it_is_gone) {
  const auto applied = apply(logged_publish("a"));
  PackageChange second = with(change_of("a"), PutVersion{version_record("2.0.0", "a")});
  second.log.push_back(publish_event("a", ann_, LogId::open, "2.0.0"));
  apply(second);
  const LogPlace first{LogId::open, 0}, next{LogId::open, 1};

  EXPECT_EQ(must(packages().find_version(applied.id, "1.0.0"))->logged, first);
  const auto fragments = must(packages().fragments(applied.id, FragmentKind::abbreviated));
  EXPECT_EQ(fragments.at(1).logged, next);
  EXPECT_EQ(must(log().find_publish(key_of("a"), "2.0.0")), next);

  apply(with(change_of("a"), RemoveVersion{"1.0.0"}));
  EXPECT_EQ(must(log().find_publish(key_of("a"), "1.0.0")), first);
  apply(with(change_of("a"), RemoveAllVersions{}));
  EXPECT_EQ(must(log().find_publish(key_of("a"), "2.0.0")), next);
}

TEST_P(LogStoreSuite, what_was_not_logged_has_no_place) {
  const auto applied = apply(first_publish("a", ann_));
  EXPECT_FALSE(must(packages().find_version(applied.id, "1.0.0"))->logged);
  EXPECT_FALSE(must(log().find_publish(key_of("a"), "1.0.0")));
  EXPECT_FALSE(must(log().find_publish(key_of("a"), "3.0.0")));
  EXPECT_FALSE(must(log().find_publish(key_of("nothing"), "1.0.0")));
}

TEST_P(LogStoreSuite, every_audit_row_has_a_leaf_with_its_digest) {
  PackageChange change = logged_publish("a");
  change.audit.push_back({"ann", "key", "::1", "publish", "npm:a@1.0.0", "detail", "r1"});
  apply(change);
  must(packages().add_audit(kNoon + minutes(1), {{"bob", "", "", "log_out", "token:1", "", "r2"}}));
  const auto rows = must(packages().audit(0, 10));  // newest first
  ASSERT_EQ(rows.size(), 2u);
  const auto entries = must(log().entries(LogId::audit, 0, 10));
  ASSERT_EQ(entries.size(), 2u);
  for (const auto& row : rows) {
    ASSERT_TRUE(row.logged);
    const auto leaf = tlog::parse_audit_leaf(entries.at(*row.logged));
    ASSERT_TRUE(leaf);
    EXPECT_EQ(leaf->action, row.entry.action);
    EXPECT_EQ(leaf->row, audit_row_digest(row.salt, row.at, row.entry));
  }
  EXPECT_NE(rows[0].salt, rows[1].salt);
}

}  // namespace
}  // namespace kontor::test
