// The check of a store and the collection of orphans, over npm packages in memory.
#include "adapters/memory/log_store.h"
#include "adapters/memory/store_audit.h"
#include "base/sha256.h"
#include "formats/npm/search_entry.h"
#include "registry/package_changes.h"
#include "registry/upkeep/collect.h"
#include "registry/upkeep/fsck.h"
#include "tests/support/npm_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor {
namespace {

using testing::HasSubstr;

constexpr const Format* kFormats[] = {&npm::kNpm};

// Does something of the test's once, right after the store has answered.
class Meanwhile final : public StoreAudit {
 public:
  explicit Meanwhile(StoreAudit& to) : to_(to) {}
  Task<std::vector<Sha256>> unreferenced(std::vector<Sha256> digests) override {
    auto answer = co_await to_.unreferenced(std::move(digests));
    if (auto action = std::exchange(then, nullptr)) action();
    co_return answer;
  }
  Task<std::vector<StoreFault>> check() override { return to_.check(); }
  Task<> rebuild_derived() override { return to_.rebuild_derived(); }
  std::function<void()> then;

 private:
  StoreAudit& to_;
};

class Found final : public FsckObserver {
 public:
  void found(const Fault& fault) override { faults.push_back(fault); }
  std::vector<Fault> faults;
};

struct Upkeep : test::NpmWorld, testing::Test {
  UpkeepPorts ports() { return {packages, inventory, audit, log, clock, kFormats}; }
  void publish_version(const std::string& name, const std::string& version) {
    test::Package package;
    package.manifest = R"({"name":")" + name + R"(","version":")" + version +
                       R"(","description":"about )" + name + R"(","keywords":["k"]})";
    EXPECT_EQ(publish(package).status, 201);
  }
  void unpublish(const std::string& name) {
    const auto rev = get("/" + name, "root").json()["_rev"].get<std::string>();
    EXPECT_EQ(send("DELETE", "/" + name + "/-rev/" + rev, "root", nullptr).status, 200);
  }
  // Changes a stored version behind the store's back.
  template <class Change>
  void tamper(const std::string& name, Change change) {
    auto& version = database.packages.at({FormatId::npm, name}).versions.at(0);
    VersionRecord changed = *version;
    change(changed);
    version = std::make_shared<const VersionRecord>(std::move(changed));
  }
  Sha256 blob_of(const std::string& name) {
    return database.packages.at({FormatId::npm, name}).versions.at(0)->archive.sha256;
  }
  void put_orphan(const std::string& bytes) {
    auto writer = *run(blobs.stage());
    EXPECT_TRUE(run(writer->append(bytes)));
    EXPECT_TRUE(run(writer->seal()));
    EXPECT_TRUE(run(writer->commit()));
  }
  FsckSummary check(FsckOptions options = {}) {
    seen = {};
    auto summary = run(fsck(ports(), options, seen));
    EXPECT_TRUE(summary);
    return summary.value_or(FsckSummary{});
  }
  // There is one fault, of this sort, which says this of that subject.
  void expect_only(FaultSort sort, const std::string& subject, const std::string& text) {
    ASSERT_EQ(seen.faults.size(), 1u);
    EXPECT_EQ(seen.faults[0].sort, sort);
    EXPECT_THAT(seen.faults[0].subject, HasSubstr(subject));
    EXPECT_THAT(seen.faults[0].text, HasSubstr(text));
  }
  Collected collect(CollectOptions options) {
    auto done = run(collect_orphans(ports(), options));
    EXPECT_TRUE(done);
    return done.value_or(Collected{});
  }

  memory::BlobInventory inventory{blobs};
  memory::StoreAudit store_audit{database};
  Meanwhile audit{store_audit};
  memory::LogStore log{database};
  Found seen;
};

using Fsck = Upkeep;

TEST_F(Fsck, finds_nothing_in_a_store_with_a_history) {
  publish_version("foo", "1.0.0");
  publish_version("foo", "1.1.0");
  publish_version("@alice/bar", "0.1.0-beta.1");
  publish_version("gone", "1.0.0");
  unpublish("gone");
  ASSERT_EQ(send("PUT", "/-/package/foo/dist-tags/old", "alice", "1.0.0").status, 201);
  collect({.grace = seconds(0)});
  const auto summary = check();
  for (const auto& fault : seen.faults) ADD_FAILURE() << fault.subject << ": " << fault.text;
  EXPECT_EQ(summary.packages, 3u);
  EXPECT_EQ(summary.versions, 3u);
  EXPECT_EQ(summary.blobs, 3u);
  EXPECT_GT(summary.bytes, 0u);
}

TEST_F(Fsck, finds_a_flipped_bit_and_leaves_it) {
  publish_version("foo", "1.0.0");
  const auto digest = blob_of("foo");
  blobs.blobs().bytes.at(digest)[20] ^= 1;
  const auto damaged = blobs.blobs().bytes.at(digest);
  EXPECT_EQ(check({.repair = true}).damaged, 1u);
  expect_only(FaultSort::damage, "npm:foo@1.0.0", "bytes have changed");
  EXPECT_EQ(blobs.blobs().bytes.at(digest), damaged);
}

TEST_F(Fsck, finds_a_missing_archive) {
  publish_version("foo", "1.0.0");
  blobs.blobs().bytes.clear();
  EXPECT_EQ(check().damaged, 1u);
  expect_only(FaultSort::damage, "npm:foo@1.0.0", "missing");
}

TEST_F(Fsck, finds_a_row_that_contradicts_its_manifest) {
  publish_version("foo", "1.0.0");
  tamper("foo", [](VersionRecord& version) { version.deprecated = "never said"; });
  EXPECT_EQ(check({.repair = true}).damaged, 1u);
  expect_only(FaultSort::damage, "npm:foo@1.0.0", "deprecated");
}

TEST_F(Fsck, finds_digests_that_are_not_those_of_the_bytes) {
  publish_version("foo", "1.0.0");
  tamper("foo", [](VersionRecord& version) { version.archive.sha1.bytes[0] ^= 1; });
  EXPECT_EQ(check().damaged, 2u);  // neither the archive nor the manifest has such a digest
}

TEST_F(Fsck, finds_an_orphan_and_leaves_it_to_the_collection) {
  publish_version("foo", "1.0.0");
  put_orphan("nobody's");
  const auto summary = check({.repair = true});
  EXPECT_EQ(summary.orphans, 1u);
  EXPECT_EQ(summary.orphan_bytes, 8u);
  EXPECT_EQ(summary.damaged + summary.stale, 0u);
  expect_only(FaultSort::leftover, sha256("nobody's").hex(), "No version names it (8 bytes)");
  EXPECT_EQ(blobs.count(), 2u);
}

TEST_F(Fsck, a_stale_abbreviated_manifest_is_named_and_mended_only_when_asked) {
  publish_version("foo", "1.0.0");
  const auto good = database.packages.at({FormatId::npm, "foo"}).versions.at(0)->abbreviated;
  tamper("foo", [](VersionRecord& version) { version.abbreviated = "{}"; });
  EXPECT_EQ(check().stale, 1u);
  expect_only(FaultSort::stale, "npm:foo@1.0.0", "abbreviated");
  EXPECT_FALSE(seen.faults[0].mended);
  const auto mended = check({.repair = true});
  EXPECT_EQ(mended.stale, 0u);
  EXPECT_EQ(mended.mended, 1u);
  EXPECT_TRUE(seen.faults[0].mended);
  check();
  EXPECT_TRUE(seen.faults.empty());
  EXPECT_EQ(database.packages.at({FormatId::npm, "foo"}).versions.at(0)->abbreviated, good);
}

TEST_F(Fsck, the_abbreviated_manifest_of_a_deprecated_version_is_no_fault) {
  publish_version("foo", "1.0.0");
  const Actor alice = actor("alice");
  ASSERT_TRUE(run(deprecate(registry, npm::kNpm, alice, {FormatId::npm, "foo"},
                            {{"1.0.0", "use \"bar\""}}, std::nullopt)));
  check();
  EXPECT_TRUE(seen.faults.empty());
}

TEST_F(Fsck, a_stale_search_entry_is_made_anew) {
  publish_version("foo", "1.0.0");
  database.packages.at({FormatId::npm, "foo"}).entry->entry.document = "{}";
  EXPECT_EQ(check().stale, 1u);
  expect_only(FaultSort::stale, "npm:foo", "search entry");
  EXPECT_EQ(check({.repair = true}).mended, 1u);
  check();
  EXPECT_TRUE(seen.faults.empty());
}

TEST_F(Fsck, a_rebuild_makes_anew_what_is_derived_and_changes_nothing_else) {
  publish_version("foo", "1.0.0");
  const auto before = get("/foo").json();
  check({.rebuild = true});
  EXPECT_TRUE(seen.faults.empty());
  auto after = get("/foo").json();
  EXPECT_NE(after["_rev"], before["_rev"]);
  after["_rev"] = before["_rev"];
  EXPECT_EQ(after["versions"], before["versions"]);
}

TEST_F(Fsck, a_tag_that_leads_nowhere_is_damage) {
  publish_version("foo", "1.0.0");
  database.packages.at({FormatId::npm, "foo"}).tags["beta"] = "2.0.0";
  EXPECT_EQ(check().damaged, 1u);
  expect_only(FaultSort::damage, "npm:foo", "The tag beta names 2.0.0");
}

// --- collection -------------------------------------------------------------------------------

using Collect = Upkeep;

TEST_F(Collect, removes_what_no_version_names_and_nothing_else) {
  publish_version("foo", "1.0.0");
  publish_version("gone", "1.0.0");
  const auto gone = blob_of("gone");
  unpublish("gone");
  put_orphan("nobody's");
  const auto done = collect({.grace = hours(24)});
  EXPECT_EQ(done.blobs, 3u);
  EXPECT_EQ(done.orphans, 2u);
  EXPECT_EQ(done.removed, 2u);
  EXPECT_EQ(done.removed_bytes, done.orphan_bytes);
  EXPECT_EQ(*run(blobs.find(gone)), std::nullopt);
  check();
  EXPECT_TRUE(seen.faults.empty());
}

TEST_F(Collect, a_dry_run_counts_and_removes_nothing) {
  put_orphan("nobody's");
  const auto done = collect({.grace = hours(24), .dry_run = true});
  EXPECT_EQ(done.orphans, 1u);
  EXPECT_EQ(done.orphan_bytes, 8u);
  EXPECT_EQ(done.removed, 0u);
  EXPECT_EQ(blobs.count(), 1u);
}

TEST_F(Collect, leaves_orphans_within_the_grace_period) {
  put_orphan("nobody's");  // committed at time 0, as memory has it
  clock.set({hours(24).ms - 1});
  EXPECT_EQ(collect({.grace = hours(24)}).young, 1u);
  EXPECT_EQ(blobs.count(), 1u);
  clock.set({hours(24).ms});
  EXPECT_EQ(collect({.grace = hours(24)}).removed, 1u);
  EXPECT_EQ(blobs.count(), 0u);
}

TEST_F(Collect, keeps_an_orphan_that_a_publish_takes_up_meanwhile) {
  publish_version("foo", "1.0.0");
  const auto digest = blob_of("foo");
  unpublish("foo");
  // The same bytes come back under another name after the store has said that no version has them.
  const Bytes bytes = blobs.blobs().bytes.at(digest);
  audit.then = [&] { put_orphan(bytes); };
  EXPECT_EQ(collect({.grace = seconds(0)}).removed, 0u);
  EXPECT_NE(*run(blobs.find(digest)), std::nullopt);
}

}  // namespace
}  // namespace kontor
