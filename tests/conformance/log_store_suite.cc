// What every store promises of leaves: stored with their change or not at all, numbered in order of
// the commits, never lost again.
#include "base/sha256.h"
#include "ports/audit_row.h"
#include "ports/log_leaf.h"
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

TEST_P(LogStoreSuite, a_version_says_where_it_is_logged) {
  PackageChange change = logged_publish("@s/a");
  auto& record = std::get<PutVersion>(change.ops.at(0)).record;
  record.manifest = std::string(R"({"dist":{"tlog":)") + kPlaceMark + "}}";
  record.abbreviated = std::string(R"({"tlog":)") + kPlaceMark + "}";
  const auto id = apply(change).id;
  const auto leaf = must(log().entries(LogId::open, 0, 1)).at(0);
  const std::string place = R"({"log":"public","index":0,"leaf":")" +
                            tlog::leaf_hash(leaf).base64() +
                            R"(","proof":"/log/public/proof/npm/@s/a@1.0.0"})";
  const auto stored = must(packages().find_version(id, "1.0.0"));
  EXPECT_EQ(stored->manifest, R"({"dist":{"tlog":)" + place + "}}");
  EXPECT_EQ(stored->abbreviated, R"({"tlog":)" + place + "}");
}

TEST_P(LogStoreSuite, a_version_that_is_not_logged_says_so) {
  PackageChange change = first_publish("a", ann_);
  std::get<PutVersion>(change.ops.at(0)).record.manifest = {'{', kPlaceMark, '}'};
  const auto id = apply(change).id;
  EXPECT_EQ(must(packages().find_version(id, "1.0.0"))->manifest, "{null}");
}

// --- changes of accounts ------------------------------------------------------------------------

Trail trail_with(const char* action, LogAuthor by) {
  Trail trail{.at = kNoon, .audit = {}, .log = {}, .by = std::move(by)};
  trail.audit.push_back({"ann", "", "::1", action, "user:cid", "", "r"});
  return trail;
}

std::vector<std::string> actions(const std::vector<PackageStore::AuditRow>& rows) {
  std::vector<std::string> out;
  for (const auto& row : rows) out.push_back(row.entry.action);
  return out;
}

TEST_P(LogStoreSuite, a_change_of_accounts_brings_its_trail) {
  const auto by = LogAuthor{ann_, {}};
  const auto cid = must(accounts().create_user(user_named("cid"), trail_with("create", by)));
  must(accounts().update_user(*must(accounts().find_user("cid")), trail_with("update", by)));
  TokenRecord token{.key = "0a", .secret = sha256("t"), .user = cid};
  Trail put = trail_with("put", by);
  put.log.push_back(*token_event(tlog::Change::add, cid, "0a", TokenRights::full, by));
  must(accounts().put_token(token, put));
  must(accounts().revoke_session({"s", cid, kNoon + days(1)}, kNoon, trail_with("revoke", by)));
  ASSERT_TRUE(must(accounts().remove_token(cid, "0a", trail_with("remove", by))));
  must(accounts().remove_user(cid, trail_with("goodbye", by)));
  const auto rows = must(packages().audit_after(0, 100));
  EXPECT_THAT(actions(rows), ElementsAre("create", "update", "put", "revoke", "remove", "goodbye"));
  EXPECT_EQ(must(log().size(LogId::audit)), rows.size());
  EXPECT_EQ(leaves(LogId::open).size(), 1u);
  EXPECT_THAT(actions(must(packages().audit_after(rows[3].sequence, 1))), ElementsAre("remove"));
}

TEST_P(LogStoreSuite, what_does_not_happen_leaves_no_trail) {
  const auto by = LogAuthor{ann_, {}};
  EXPECT_EQ(refused(accounts().create_user(user_named("ann"), trail_with("create", by))),
            Code::user_exists);
  User stale = *must(accounts().find_user("bob"));
  stale.revision += 1;
  EXPECT_EQ(refused(accounts().update_user(stale, trail_with("update", by))), Code::conflict);
  EXPECT_FALSE(must(accounts().remove_token(bob_, "none", trail_with("remove", by))));
  must(accounts().remove_user(UserId(4711), trail_with("goodbye", by)));
  must(accounts().revoke_session({"s", UserId(4711), kNoon + days(1)}, kNoon,
                                 trail_with("revoke", by)));
  EXPECT_FALSE(must(
      accounts().approve_web_login(sha256("no page"), ann_, kNoon, trail_with("approve", by))));
  const auto stranger = LogAuthor{UserId(4711), {}};
  TokenRecord token{.key = "0a", .secret = sha256("t"), .user = bob_};
  Trail put = trail_with("put", by);
  put.log.push_back(*token_event(tlog::Change::add, bob_, "0a", TokenRights::full, stranger));
  EXPECT_EQ(refused(accounts().put_token(token, put)), Code::conflict);
  EXPECT_FALSE(must(accounts().find_token(sha256("t"))));
  EXPECT_TRUE(must(packages().audit_after(0, 10)).empty());
  EXPECT_EQ(must(log().size(LogId::audit)) + must(log().size(LogId::open)), 0u);
}

TEST_P(LogStoreSuite, who_goes_leaves_roles_and_tokens_and_each_is_told) {
  apply(first_publish("a", bob_));
  PackageChange hidden = first_publish("b", bob_);
  hidden.create->visibility = Visibility::restricted;
  apply(hidden);
  const auto account = must(accounts().find_user("bob"))->account;
  must(accounts().put_token({.key = "0a", .secret = sha256("1"), .user = bob_}));
  must(accounts().put_token(
      {.key = "0b", .secret = sha256("2"), .user = bob_, .rights = TokenRights::read_only}));
  must(accounts().remove_user(bob_, trail_with("remove_user", {ann_, {}})));

  const auto open = leaves(LogId::open), restricted = leaves(LogId::restricted);
  ASSERT_EQ(open.size(), 2u);
  ASSERT_EQ(restricted.size(), 1u);
  const tlog::Account gone(account);
  const tlog::Word maintainer("maintainer");
  EXPECT_EQ(open[0].event,
            tlog::Event(tlog::OwnerEvent{{"npm", "a"}, tlog::Change::remove, gone, maintainer}));
  EXPECT_EQ(open[1].event,
            tlog::Event(tlog::TokenEvent{tlog::Change::remove, gone, "0a", tlog::Word("full")}));
  EXPECT_EQ(restricted[0].event,
            tlog::Event(tlog::OwnerEvent{{"npm", "b"}, tlog::Change::remove, gone, maintainer}));
  EXPECT_EQ(open[0].by.account.value, must(accounts().find_user("ann"))->account);
}

// --- facts --------------------------------------------------------------------------------------

Fact policy_fact(std::string value) {
  LogEvent event{LogId::open,
                 tlog::PolicyEvent{{}, tlog::Word("read_only"), {}, value},
                 {std::nullopt, {tlog::Credential::Kind::job, "settings", {}}},
                 {}};
  return {"policy:read_only", std::move(value), std::move(event), {"system", "", "", "policy"}};
}

TEST_P(LogStoreSuite, a_fact_is_told_when_it_changes) {
  EXPECT_EQ(must(log().tell(kNoon, {policy_fact("false")})), 1u);
  EXPECT_EQ(must(log().tell(kNoon, {policy_fact("false")})), 0u);
  EXPECT_EQ(must(log().tell(kNoon, {policy_fact("true"), policy_fact("true")})), 1u);
  EXPECT_EQ(must(log().tell(kNoon, {})), 0u);
  const auto found = leaves(LogId::open);
  ASSERT_EQ(found.size(), 2u);
  using tlog::PolicyEvent;
  EXPECT_FALSE(std::get<PolicyEvent>(found[0].event).before);
  EXPECT_EQ(std::get<PolicyEvent>(found[1].event).before, "false");
  EXPECT_EQ(std::get<PolicyEvent>(found[1].event).after, "true");
  EXPECT_THAT(actions(must(packages().audit_after(0, 10))), ElementsAre("policy", "policy"));
}

TEST_P(LogStoreSuite, facts_are_told_together_or_not_at_all) {
  Fact broken = policy_fact("true");
  std::get<tlog::PolicyEvent>(broken.event.event).setting = tlog::Word("no word");
  EXPECT_EQ(refused(log().tell(kNoon, {policy_fact("false"), broken})), Code::bad_request);
  EXPECT_EQ(must(log().size(LogId::open)), 0u);
  EXPECT_EQ(must(log().tell(kNoon, {policy_fact("false")})), 1u);
}

}  // namespace
}  // namespace kontor::test
