// What every store promises of advisories: batches whole or not at all, point queries by package,
// scans that wait until done, and quarantine as part of a package.
#include "base/sha256.h"
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum AdvisoryOutcome;

const AdvisorySubject kLeft{"npm", "left"};

AdvisoryRecord record(std::string id, std::vector<std::string> names, int version = 1) {
  AdvisoryRecord out{.id = std::move(id), .modified = kNoon + hours(version)};
  out.document = "{\"id\":\"" + out.id + "\",\"v\":" + std::to_string(version) + "}";
  out.digest = sha256(out.document);
  for (auto& name : names)
    out.subjects.push_back({{"npm", name}, FormatId::npm, out.id + " on " + name});
  return out;
}

AdvisoryBatch batch(std::vector<AdvisoryRecord> records) {
  AdvisoryBatch out{.at = kNoon, .records = std::move(records)};
  out.by.credential = {tlog::Credential::Kind::job, "import", {}};
  out.audit.push_back({.actor = "ann", .action = "advisory", .target = "x"});
  return out;
}

std::vector<std::string> ids_of(const std::vector<AdvisoryRecord>& records) {
  std::vector<std::string> ids;
  for (const auto& record : records) ids.push_back(record.id);
  return ids;
}

TEST_P(AdvisoryStoreSuite, a_record_is_found_by_id_by_alias_and_by_package) {
  auto one = record("GHSA-1", {"left", "right"});
  one.aliases = {"CVE-1"};
  EXPECT_THAT(must(advisories().put(batch({one, record("MAL-1", {"left"})}))),
              ElementsAre(added, added));
  for (const auto* id : {"GHSA-1", "CVE-1"}) {
    const auto found = must(advisories().find(id));
    ASSERT_TRUE(found) << id;
    EXPECT_EQ(found->id, "GHSA-1");
    EXPECT_EQ(found->document, one.document);
    EXPECT_EQ(found->digest, one.digest);
    EXPECT_EQ(found->modified, one.modified);
  }
  EXPECT_FALSE(must(advisories().find("CVE-2")));
  const auto about = must(advisories().about(kLeft));
  EXPECT_GT(about.mark, 0u);
  EXPECT_THAT(about.texts, ElementsAre("GHSA-1 on left", "MAL-1 on left"));
  EXPECT_EQ(must(advisories().about({"Ori", "left"})).mark, 0u);
  const auto each = must(advisories().about_each("npm", {"left", "none", "right"}));
  ASSERT_EQ(each.size(), 2u);
  EXPECT_EQ(each.at("left"), about.texts);
  EXPECT_THAT(each.at("right"), ElementsAre("GHSA-1 on right"));
  EXPECT_TRUE(must(advisories().about_each("Ori", {"left"})).empty());
}

TEST_P(AdvisoryStoreSuite, only_what_is_new_is_taken) {
  must(advisories().put(batch({record("A-1", {"left"}, 2)})));
  const auto before = must(advisories().about(kLeft)).mark;
  EXPECT_THAT(must(advisories().put(batch({record("A-1", {"left"}, 2)}))), ElementsAre(unchanged));
  EXPECT_THAT(must(advisories().put(batch({record("A-1", {}, 1)}))), ElementsAre(outdated));
  EXPECT_EQ(must(advisories().about(kLeft)).mark, before);
  auto older = batch({record("A-1", {"right"}, 1)});
  older.replace = true;
  EXPECT_THAT(must(advisories().put(older)), ElementsAre(changed));
  EXPECT_THAT(must(advisories().about(kLeft)).texts, IsEmpty());
  EXPECT_NE(must(advisories().about(kLeft)).mark, before) << "what is known of it changed";
  EXPECT_THAT(must(advisories().about({"npm", "right"})).texts, ElementsAre("A-1 on right"));
}

TEST_P(AdvisoryStoreSuite, each_change_is_one_leaf_and_a_batch_one_audit_row) {
  must(advisories().put(batch({record("A-1", {"left"}), record("A-2", {})})));
  must(advisories().put(batch({record("A-1", {"left"}), record("A-2", {}, 2)})));
  EXPECT_EQ(must(log().size(LogId::open)), 3u);
  const auto leaf = tlog::parse_leaf(must(log().entries(LogId::open, 2, 1)).at(0));
  ASSERT_TRUE(leaf);
  const tlog::Event expected = tlog::AdvisoryEvent{"A-2", record("A-2", {}, 2).digest};
  EXPECT_EQ(leaf->event, expected);
  EXPECT_EQ(must(packages().audit(0, 10)).size(), 2u);
  must(advisories().put(batch({record("A-1", {"left"})})));
  EXPECT_EQ(must(packages().audit(0, 10)).size(), 2u) << "nothing changed";
}

TEST_P(AdvisoryStoreSuite, a_batch_by_somebody_who_is_gone_changes_nothing) {
  auto lost = batch({record("A-1", {"left"})});
  lost.by.user = UserId(999);
  lost.by.credential = {};
  EXPECT_EQ(refused(advisories().put(lost)), Code::conflict);
  EXPECT_FALSE(must(advisories().find("A-1")));
  EXPECT_EQ(must(log().size(LogId::open)), 0u);
}

TEST_P(AdvisoryStoreSuite, an_id_that_must_be_new_is_never_taken_twice) {
  auto fresh = record("A-1", {"left"});
  fresh.is_new = true;
  EXPECT_THAT(must(advisories().put(batch({fresh}))), ElementsAre(added));
  EXPECT_EQ(refused(advisories().put(batch({record("A-2", {}), fresh}))), Code::conflict);
  EXPECT_FALSE(must(advisories().find("A-2")));
}

TEST_P(AdvisoryStoreSuite, pages_are_in_order_of_ids) {
  must(advisories().put(batch({record("B", {"left"}), record("A", {"left"}, 3), record("C", {})})));
  EXPECT_THAT(ids_of(must(advisories().list({}))), ElementsAre("A", "B", "C"));
  EXPECT_THAT(ids_of(must(advisories().list({.after = "A", .limit = 1}))), ElementsAre("B"));
  EXPECT_THAT(ids_of(must(advisories().list({.subject = kLeft}))), ElementsAre("A", "B"));
  EXPECT_THAT(ids_of(must(advisories().list({.since = kNoon + hours(2)}))), ElementsAre("A"));
  EXPECT_THAT(ids_of(must(advisories().list({.limit = 0}))), IsEmpty());
}

TEST_P(AdvisoryStoreSuite, numbers_of_own_ids_go_on_from_the_highest) {
  EXPECT_EQ(must(advisories().last_number("x", 2026)), 0u);
  must(advisories().put(batch({record("x-2026-0009", {}), record("x-2026-10", {}),
                               record("x-2026-99a", {}), record("x-2025-77", {})})));
  EXPECT_EQ(must(advisories().last_number("x", 2026)), 10u);
}

TEST_P(AdvisoryStoreSuite, packages_that_are_here_wait_for_a_scan) {
  apply(first_publish("left", ann_));
  must(advisories().put(batch({record("A-1", {"left", "elsewhere"})})));
  EXPECT_THAT(must(advisories().waiting(10)), ElementsAre(key_of("left")));
  const auto mark = must(advisories().about(kLeft)).mark;
  must(advisories().put(batch({record("A-2", {"left"})})));
  must(advisories().scanned(key_of("left"), kLeft, mark));
  EXPECT_EQ(must(advisories().waiting(10)).size(), 1u) << "another advisory came meanwhile";
  must(advisories().scanned(key_of("left"), kLeft, must(advisories().about(kLeft)).mark));
  EXPECT_THAT(must(advisories().waiting(10)), IsEmpty());
  must(advisories().put(batch({record("A-1", {}, 5)})));
  EXPECT_EQ(must(advisories().waiting(10)).size(), 1u) << "the advisory does not name it any more";
}

TEST_P(AdvisoryStoreSuite, other_rules_let_everything_wait_again) {
  apply(first_publish("left", ann_));
  must(advisories().put(batch({record("A-1", {"left"})})));
  must(advisories().scanned(key_of("left"), kLeft, must(advisories().about(kLeft)).mark));
  EXPECT_TRUE(must(advisories().apply_rules("one")));
  EXPECT_EQ(must(advisories().waiting(10)).size(), 1u);
  must(advisories().scanned(key_of("left"), kLeft, must(advisories().about(kLeft)).mark));
  EXPECT_FALSE(must(advisories().apply_rules("one")));
  EXPECT_THAT(must(advisories().waiting(10)), IsEmpty());
  EXPECT_TRUE(must(advisories().apply_rules("two")));
  EXPECT_EQ(must(advisories().waiting(10)).size(), 1u);
}

TEST_P(AdvisoryStoreSuite, a_change_can_demand_the_advisories_it_was_decided_by) {
  auto change = first_publish("left", ann_);
  change.if_advisories = {"npm", 0};
  must(advisories().put(batch({record("A-1", {"left"})})));
  EXPECT_EQ(apply_refused(change), Code::conflict);
  EXPECT_FALSE(must(packages().find(key_of("left"))));
  change.if_advisories->mark = must(advisories().about(kLeft)).mark;
  apply(change);
}

TEST_P(AdvisoryStoreSuite, versions_in_quarantine_are_not_among_the_documents) {
  apply(first_publish("left", ann_));
  apply(with(change_of("left"), PutVersion{version_record("2.0.0", "left")}));
  const auto before = load("left");
  EXPECT_FALSE(before.flagged);
  apply(with(change_of("left"), SetFindings{"{}", {"2.0.0"}}));
  const auto now = load("left");
  EXPECT_TRUE(now.flagged);
  EXPECT_EQ(must(packages().findings(now.id)), "{}");
  EXPECT_GT(now.rewritten, before.rewritten) << "documents kept in parts are no longer right";
  EXPECT_THAT(versions_of(now.id), ElementsAre("1.0.0"));
  EXPECT_EQ(must(packages().fragment_page(now.id, FragmentKind::manifest, 0, {})).fragments.size(),
            1u);
  EXPECT_THAT(must(packages().versions(now.id)),
              ElementsAre(VersionState{"1.0.0", false}, VersionState{"2.0.0", true}));
  const auto version = must(packages().find_version(now.id, "2.0.0"));
  ASSERT_TRUE(version);
  EXPECT_TRUE(version->quarantined);
  const auto archive = must(packages().find_archive(now.id, version->file_name));
  ASSERT_TRUE(archive);
  EXPECT_TRUE(archive->quarantined);

  apply(with(change_of("left"), SetFindings{}));
  EXPECT_FALSE(load("left").flagged);
  EXPECT_THAT(versions_of(now.id), ElementsAre("1.0.0", "2.0.0"));
}

TEST_P(AdvisoryStoreSuite, findings_name_versions_that_are_there) {
  apply(first_publish("left", ann_));
  EXPECT_EQ(apply_refused(with(change_of("left"), SetFindings{"{}", {"9.9.9"}})),
            Code::version_not_found);
  EXPECT_FALSE(load("left").flagged);
}

TEST_P(AdvisoryStoreSuite, a_flagged_package_that_loses_a_version_waits_for_a_scan) {
  apply(first_publish("left", ann_));
  apply(with(change_of("left"), PutVersion{version_record("2.0.0", "left")}));
  apply(with(change_of("left"), SetFindings{"{}", {}}));
  EXPECT_THAT(must(advisories().waiting(10)), IsEmpty());
  apply(with(change_of("left"), RemoveVersion{"2.0.0"}));
  EXPECT_THAT(must(advisories().waiting(10)), ElementsAre(key_of("left")));
}

}  // namespace
}  // namespace kontor::test
