// The promises of ports/package_store.h about changes and queries by key.
#include "tests/conformance/store_harness.h"

#include <gmock/gmock.h>

namespace kontor::test {

// Values compared whole; the ports define no equality of their own for them.
static bool operator==(const VersionRecord& a, const VersionRecord& b) {
  return std::tie(a.version, a.published, a.publisher, a.manifest, a.abbreviated, a.readme,
                  a.deprecated, a.file_name, a.archive, a.lacks_signature) ==
         std::tie(b.version, b.published, b.publisher, b.manifest, b.abbreviated, b.readme,
                  b.deprecated, b.file_name, b.archive, b.lacks_signature);
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST_P(PackageStoreSuite, keeps_a_first_publish) {
  auto change = first_publish("pkg", ann_);
  change.create->visibility = Visibility::restricted;
  const auto applied = apply(change);

  const auto record = load("pkg");
  EXPECT_EQ(record.id, applied.id);
  EXPECT_EQ(record.key, key_of("pkg"));
  EXPECT_EQ(record.revision, applied.revision);
  EXPECT_EQ(record.visibility, Visibility::restricted);
  EXPECT_EQ(record.created, kNoon);
  EXPECT_EQ(record.modified, kNoon);
  EXPECT_EQ(record.unpublished, std::nullopt);
  EXPECT_THAT(record.owners,
              ElementsAre(Owner{ann_, "ann", "ann@example.org", OwnerRole::maintainer}));
  EXPECT_THAT(record.tags, ElementsAre(Pair("latest", "1.0.0")));
  EXPECT_THAT(record.stars, IsEmpty());
}

TEST_P(PackageStoreSuite, gives_a_version_back_as_it_was_put) {
  auto record = version_record("1.0.0-rc.1");
  record.manifest = std::string(1'000'000, 'm') + "\x01 \xc3\xa9";
  record.deprecated = "use 2";
  const auto id = apply(with(creation_of("pkg", ann_), PutVersion{record})).id;
  const auto found = must(packages().find_version(id, "1.0.0-rc.1"));
  ASSERT_TRUE(found);
  EXPECT_TRUE(*found == record);

  const auto archive = must(packages().find_archive(id, "pkg-1.0.0-rc.1.tgz"));
  const auto file = must(packages().find_file(key_of("pkg"), "pkg-1.0.0-rc.1.tgz"));
  ASSERT_TRUE(file && file->archive && archive);
  EXPECT_EQ(file->package.id, id);
  EXPECT_EQ(file->archive->archive, archive->archive);
  EXPECT_FALSE(must(packages().find_file(key_of("pkg"), "none.tgz"))->archive);
  EXPECT_FALSE(must(packages().find_file(key_of("none"), "pkg-1.0.0-rc.1.tgz")));
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->version, "1.0.0-rc.1");
  EXPECT_EQ(archive->archive, record.archive);
  EXPECT_EQ(archive->published, kNoon);
}

TEST_P(PackageStoreSuite, knows_nothing_of_what_was_never_put) {
  const auto id = apply(first_publish("pkg", ann_)).id;
  const PackageId absent(id.value + 1000);
  EXPECT_FALSE(must(packages().find(key_of("other"))));
  EXPECT_FALSE(must(packages().find({FormatId::ori, "pkg"})));
  EXPECT_FALSE(must(packages().find_version(id, "2.0.0")));
  EXPECT_FALSE(must(packages().find_version(absent, "1.0.0")));
  EXPECT_FALSE(must(packages().find_archive(id, "pkg-2.0.0.tgz")));
  EXPECT_FALSE(must(packages().is_tombstoned(id, "1.0.0")));
  EXPECT_THAT(must(packages().fragments(absent, FragmentKind::manifest)), IsEmpty());
}

TEST_P(PackageStoreSuite, creates_a_package_only_where_there_is_none) {
  apply(first_publish("pkg", ann_));
  const auto before = load("pkg");
  EXPECT_EQ(apply_refused(first_publish("pkg", bob_, "2.0.0")), Code::conflict);
  EXPECT_EQ(load("pkg").owners, before.owners);
  EXPECT_THAT(versions_of(before.id), ElementsAre("1.0.0"));

  auto other_format = first_publish("pkg", bob_);
  other_format.key.format = FormatId::progy;
  EXPECT_NE(apply(other_format).id, before.id);
}

TEST_P(PackageStoreSuite, changes_a_package_only_where_there_is_one) {
  EXPECT_EQ(apply_refused(with(change_of("pkg"), PutVersion{version_record("1.0.0")})),
            Code::not_found);
  EXPECT_FALSE(must(packages().find(key_of("pkg"))));
}

TEST_P(PackageStoreSuite, refuses_an_owner_who_does_not_exist) {
  EXPECT_EQ(apply_refused(first_publish("pkg", UserId(777))), Code::conflict);
  EXPECT_FALSE(must(packages().find(key_of("pkg"))));
}

TEST_P(PackageStoreSuite, refuses_a_second_name_with_the_same_collision_key) {
  auto change = first_publish("left-pad", ann_);
  change.create->collision_key = "leftpad";
  apply(change);
  change.key.name = "leftpad";
  EXPECT_EQ(apply_refused(change), Code::conflict);
  EXPECT_FALSE(must(packages().find(key_of("leftpad"))));
  EXPECT_EQ(must(packages().find_collision(FormatId::npm, "leftpad")), "left-pad");
  EXPECT_EQ(must(packages().find_collision(FormatId::ori, "leftpad")), std::nullopt);
  EXPECT_EQ(must(packages().find_collision(FormatId::npm, "")), std::nullopt);

  change.key.format = FormatId::ori;
  apply(change);
  apply(first_publish("unchecked-1", ann_));  // an empty key collides with nothing
  apply(first_publish("unchecked-2", ann_));
}

TEST_P(PackageStoreSuite, revisions_guard_a_change) {
  const auto first = apply(first_publish("pkg", ann_));
  auto change = with(change_of("pkg"), PutVersion{version_record("1.1.0")});
  change.if_revision = first.revision;
  const auto second = apply(change);
  EXPECT_GT(second.revision, first.revision);

  change = with(change_of("pkg"), PutVersion{version_record("1.2.0")});
  change.if_revision = first.revision;
  EXPECT_EQ(apply_refused(change), Code::conflict);
  EXPECT_EQ(load("pkg").revision, second.revision);
  EXPECT_THAT(versions_of(first.id), ElementsAre("1.0.0", "1.1.0"));
}

TEST_P(PackageStoreSuite, the_policy_revision_rises_with_owners_and_visibility_only) {
  apply(first_publish("pkg", ann_));
  const auto policy = load("pkg").policy_revision;
  auto change = with(change_of("pkg"), PutVersion{version_record("1.1.0")}, SetTag{"next", "1.1.0"},
                     SetStar{bob_, true});
  change.if_policy_revision = policy;
  apply(change);
  EXPECT_EQ(load("pkg").policy_revision, policy);

  apply(with(change_of("pkg"), SetVisibility{Visibility::restricted}));
  const auto later = load("pkg").policy_revision;
  EXPECT_GT(later, policy);
  apply(with(change_of("pkg"), SetOwners{{{bob_, OwnerRole::maintainer}}}));
  EXPECT_GT(load("pkg").policy_revision, later);

  change = with(change_of("pkg"), RemoveTag{"next"});
  change.if_policy_revision = policy;
  EXPECT_EQ(apply_refused(change), Code::conflict);
  EXPECT_TRUE(load("pkg").tags.contains("next"));
}

TEST_P(PackageStoreSuite, a_version_is_never_published_twice) {
  const auto id = apply(first_publish("pkg", ann_)).id;
  auto again = version_record("1.0.0");
  again.manifest = "other";
  EXPECT_EQ(apply_refused(with(change_of("pkg"), PutVersion{again})), Code::version_exists);
  EXPECT_TRUE(*must(packages().find_version(id, "1.0.0")) == version_record("1.0.0"));

  auto same_file = version_record("2.0.0");
  same_file.file_name = "pkg-1.0.0.tgz";
  EXPECT_EQ(apply_refused(with(change_of("pkg"), PutVersion{same_file})), Code::version_exists);
  EXPECT_THAT(versions_of(id), ElementsAre("1.0.0"));
}

TEST_P(PackageStoreSuite, a_removed_version_leaves_a_tombstone) {
  const auto id = apply(first_publish("pkg", ann_)).id;
  apply(with(change_of("pkg"), PutVersion{version_record("2.0.0")}));
  apply(with(change_of("pkg"), RemoveVersion{"1.0.0"}));
  EXPECT_FALSE(must(packages().find_version(id, "1.0.0")));
  EXPECT_FALSE(must(packages().find_archive(id, "pkg-1.0.0.tgz")));
  EXPECT_TRUE(must(packages().is_tombstoned(id, "1.0.0")));
  EXPECT_FALSE(must(packages().is_tombstoned(id, "2.0.0")));
  EXPECT_THAT(versions_of(id), ElementsAre("2.0.0"));
  EXPECT_EQ(load("pkg").unpublished, std::nullopt);

  EXPECT_EQ(apply_refused(with(change_of("pkg"), PutVersion{version_record("1.0.0")})),
            Code::version_tombstoned);
  EXPECT_EQ(apply_refused(with(change_of("pkg"), RemoveVersion{"1.0.0"})), Code::version_not_found);
}

TEST_P(PackageStoreSuite, a_package_without_versions_is_unpublished_until_the_next) {
  const auto id = apply(first_publish("pkg", ann_)).id;
  apply(with(change_of("pkg"), PutVersion{version_record("2.0.0")}));
  auto removal = with(change_of("pkg"), RemoveAllVersions{});
  removal.at = kNoon + seconds(5);
  apply(removal);
  auto record = load("pkg");
  EXPECT_EQ(record.unpublished, kNoon + seconds(5));
  EXPECT_THAT(record.tags, IsEmpty());
  EXPECT_EQ(record.owners.size(), 1u);
  EXPECT_THAT(versions_of(id), IsEmpty());
  EXPECT_TRUE(must(packages().is_tombstoned(id, "1.0.0")));
  EXPECT_TRUE(must(packages().is_tombstoned(id, "2.0.0")));
  EXPECT_EQ(apply_refused(first_publish("pkg", bob_, "3.0.0")), Code::conflict);

  apply(with(change_of("pkg"), PutVersion{version_record("3.0.0")}));
  EXPECT_EQ(load("pkg").unpublished, std::nullopt);
  apply(with(change_of("pkg"), RemoveVersion{"3.0.0"}));
  EXPECT_EQ(load("pkg").unpublished, kNoon);
}

TEST_P(PackageStoreSuite, updates_fragments_and_deprecation_of_a_version) {
  const auto id = apply(first_publish("pkg", ann_)).id;
  apply(with(change_of("pkg"), UpdateVersion{"1.0.0", "new manifest", "new short", "broken"}));
  auto expected = version_record("1.0.0");
  expected.manifest = "new manifest";
  expected.abbreviated = "new short";
  expected.deprecated = "broken";
  EXPECT_TRUE(*must(packages().find_version(id, "1.0.0")) == expected);
  EXPECT_EQ(apply_refused(with(change_of("pkg"), UpdateVersion{"9.0.0", "m", "a", ""})),
            Code::version_not_found);
}

TEST_P(PackageStoreSuite, lists_fragments_in_order_of_publishing) {
  const auto id = apply(first_publish("pkg", ann_, "2.0.0")).id;
  apply(first_publish("another", ann_, "7.0.0"));
  for (const char* number : {"1.0.0", "10.0.0", "3.0.0"})
    apply(with(change_of("pkg"), PutVersion{version_record(number)}));
  apply(with(change_of("pkg"), RemoveVersion{"10.0.0"}));
  EXPECT_THAT(versions_of(id), ElementsAre("2.0.0", "1.0.0", "3.0.0"));

  const auto manifests = must(packages().fragments(id, FragmentKind::manifest));
  const auto abbreviated = must(packages().fragments(id, FragmentKind::abbreviated));
  ASSERT_EQ(abbreviated.size(), 3u);
  EXPECT_EQ(manifests[1].fragment, version_record("1.0.0").manifest);
  EXPECT_EQ(abbreviated[1].fragment, version_record("1.0.0").abbreviated);
  EXPECT_EQ(abbreviated[1].version, "1.0.0");
  EXPECT_EQ(abbreviated[1].published, kNoon);
}

TEST_P(PackageStoreSuite, tags_name_existing_versions_only) {
  apply(first_publish("pkg", ann_));
  apply(with(change_of("pkg"), PutVersion{version_record("2.0.0")}, SetTag{"next", "2.0.0"}));
  EXPECT_THAT(load("pkg").tags, ElementsAre(Pair("latest", "1.0.0"), Pair("next", "2.0.0")));

  EXPECT_EQ(apply_refused(with(change_of("pkg"), SetTag{"next", "9.0.0"})),
            Code::version_not_found);
  EXPECT_EQ(apply_refused(with(change_of("pkg"), SetTag{"old", "1.0.0"}, RemoveVersion{"1.0.0"})),
            Code::version_not_found);
  EXPECT_THAT(load("pkg").tags, ElementsAre(Pair("latest", "1.0.0"), Pair("next", "2.0.0")));

  apply(with(change_of("pkg"), RemoveVersion{"1.0.0"}, SetTag{"latest", "2.0.0"}, RemoveTag{"next"},
             RemoveTag{"absent"}));
  EXPECT_THAT(load("pkg").tags, ElementsAre(Pair("latest", "2.0.0")));
  apply(with(change_of("pkg"), PutVersion{version_record("3.0.0")}, RemoveVersion{"2.0.0"}));
  EXPECT_THAT(load("pkg").tags, IsEmpty());
}

TEST_P(PackageStoreSuite, a_change_may_demand_that_a_tag_is_there) {
  apply(first_publish("pkg", ann_));
  auto change = with(change_of("pkg"), PutVersion{version_record("2.0.0")});
  change.if_tagged = "next";
  EXPECT_EQ(apply_refused(change), Code::conflict);
  change.if_tagged = "latest";
  apply(change);

  apply(with(change_of("pkg"), RemoveAllVersions{}));
  change.ops = {PutVersion{version_record("3.0.0")}};
  EXPECT_EQ(apply_refused(change), Code::conflict);
  EXPECT_THAT(load("pkg").tags, IsEmpty());
}

TEST_P(PackageStoreSuite, after_an_error_nothing_has_changed) {
  const auto id = apply(first_publish("pkg", ann_, "1.0.0", "before")).id;
  const auto before = load("pkg");
  auto change =
      with(change_of("pkg"), PutVersion{version_record("2.0.0")}, SetTag{"latest", "2.0.0"},
           SetStar{bob_, true}, SetOwners{{{bob_, OwnerRole::maintainer}}},
           SetVisibility{Visibility::restricted}, PutSearchEntry{search_entry("2.0.0", "after")},
           RemoveVersion{"1.0.0"}, RemoveVersion{"7.0.0"});
  change.at = kNoon + seconds(60);
  change.audit.push_back({"ann", "", "::1", "publish", "npm:pkg@2.0.0", "", "r1"});
  EXPECT_EQ(apply_refused(change), Code::version_not_found);

  const auto after = load("pkg");
  EXPECT_EQ(after.revision, before.revision);
  EXPECT_EQ(after.policy_revision, before.policy_revision);
  EXPECT_EQ(after.modified, before.modified);
  EXPECT_EQ(after.visibility, before.visibility);
  EXPECT_EQ(after.owners, before.owners);
  EXPECT_EQ(after.tags, before.tags);
  EXPECT_THAT(after.stars, IsEmpty());
  EXPECT_THAT(versions_of(id), ElementsAre("1.0.0"));
  EXPECT_FALSE(must(packages().is_tombstoned(id, "1.0.0")));
  EXPECT_FALSE(must(packages().find_archive(id, "pkg-2.0.0.tgz")));
  EXPECT_THAT(must(packages().audit(0, 10)), IsEmpty());
  SearchQuery query;
  query.words = {"after"};
  EXPECT_EQ(must(packages().search(query)).total, 0u);
  query.words = {"before"};
  EXPECT_EQ(must(packages().search(query)).total, 1u);

  auto creation = with(first_publish("fresh", ann_), SetTag{"next", "8.0.0"});
  EXPECT_EQ(apply_refused(creation), Code::version_not_found);
  EXPECT_FALSE(must(packages().find(key_of("fresh"))));
}

TEST_P(PackageStoreSuite, owners_keep_their_order_of_joining) {
  const auto cid = must(accounts().create_user(user_named("cid")));
  apply(first_publish("pkg", bob_));
  apply(with(change_of("pkg"), SetOwners{{{ann_, OwnerRole::reader},
                                          {bob_, OwnerRole::maintainer},
                                          {cid, OwnerRole::maintainer}}}));
  EXPECT_THAT(load("pkg").owners,
              ElementsAre(Owner{bob_, "bob", "bob@example.org", OwnerRole::maintainer},
                          Owner{ann_, "ann", "ann@example.org", OwnerRole::reader},
                          Owner{cid, "cid", "cid@example.org", OwnerRole::maintainer}));
  apply(
      with(change_of("pkg"), SetOwners{{{cid, OwnerRole::reader}, {ann_, OwnerRole::maintainer}}}));
  EXPECT_THAT(load("pkg").owners,
              ElementsAre(Owner{ann_, "ann", "ann@example.org", OwnerRole::maintainer},
                          Owner{cid, "cid", "cid@example.org", OwnerRole::reader}));

  EXPECT_EQ(apply_refused(with(change_of("pkg"), SetOwners{})), Code::bad_request);
  EXPECT_EQ(apply_refused(with(change_of("pkg"), SetOwners{{{UserId(777), OwnerRole::reader}}})),
            Code::conflict);
  EXPECT_EQ(load("pkg").owners.size(), 2u);
}

TEST_P(PackageStoreSuite, stars_come_and_go) {
  apply(first_publish("pkg", ann_));
  apply(with(change_of("pkg"), SetStar{bob_, true}));
  apply(with(change_of("pkg"), SetStar{ann_, true}, SetStar{bob_, true}));
  EXPECT_THAT(load("pkg").stars, ElementsAre("ann", "bob"));
  apply(with(change_of("pkg"), SetStar{bob_, false}, SetStar{UserId(777), false}));
  EXPECT_THAT(load("pkg").stars, ElementsAre("ann"));
  EXPECT_EQ(apply_refused(with(change_of("pkg"), SetStar{UserId(777), true})), Code::conflict);
  EXPECT_THAT(load("pkg").stars, ElementsAre("ann"));
}

TEST_P(PackageStoreSuite, the_time_of_modification_never_goes_back) {
  apply(first_publish("pkg", ann_));
  auto change = with(change_of("pkg"), SetTag{"next", "1.0.0"});
  change.at = kNoon + seconds(9);
  apply(change);
  change.at = kNoon - seconds(3600);
  apply(change);
  EXPECT_EQ(load("pkg").modified, kNoon + seconds(9));
  EXPECT_EQ(load("pkg").created, kNoon);
}

TEST_P(PackageStoreSuite, audit_rows_are_stored_with_their_change) {
  auto change = first_publish("pkg", ann_);
  change.audit.push_back({"ann", "key1", "::1", "publish", "npm:pkg@1.0.0", "d", "r1"});
  change.audit.push_back({"ann", "key1", "::1", "tag", "npm:pkg", std::string("nul\0in", 6), "r1"});
  apply(change);
  must(packages().add_audit(kNoon + seconds(1), {{"bob", "", "::2", "login", "", "", "r2"}}));

  const auto rows = must(packages().audit(0, 10));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].entry.actor, "bob");
  EXPECT_EQ(rows[0].at, kNoon + seconds(1));
  EXPECT_EQ(rows[1].entry.detail, std::string("nul\0in", 6));
  EXPECT_EQ(rows[2].entry.action, "publish");
  EXPECT_EQ(rows[2].entry.token_key, "key1");
  EXPECT_EQ(rows[2].entry.address, "::1");
  EXPECT_EQ(rows[2].entry.target, "npm:pkg@1.0.0");
  EXPECT_EQ(rows[2].entry.request_id, "r1");
  EXPECT_EQ(rows[2].at, kNoon);
  EXPECT_GT(rows[1].sequence, rows[2].sequence);

  const auto older = must(packages().audit(rows[1].sequence, 10));
  ASSERT_EQ(older.size(), 1u);
  EXPECT_EQ(older[0].sequence, rows[2].sequence);
  EXPECT_EQ(must(packages().audit(0, 2)).size(), 2u);
}

TEST_P(PackageStoreSuite, one_of_many_waiting_publishes_of_a_version_wins) {
  apply(first_publish("pkg", ann_));
  std::vector<Task<AppliedChange>> tasks;
  for (int i = 0; i < 50; ++i) {
    auto record = version_record("2.0.0");
    record.readme = "publish " + std::to_string(i);
    tasks.push_back(packages().apply(with(change_of("pkg"), PutVersion{record})));
  }
  int won = 0, winner = -1, place = 0;
  for (auto& result : loop_.run_all(std::move(tasks))) {
    if (result)
      ++won, winner = place;
    else
      EXPECT_EQ(result.error().code, Code::version_exists);
    ++place;
  }
  EXPECT_EQ(won, 1);
  const auto stored = must(packages().find_version(load("pkg").id, "2.0.0"));
  EXPECT_EQ(stored->readme, "publish " + std::to_string(winner));
}

TEST_P(PackageStoreSuite, can_be_probed) {
  must(packages().probe());
}

}  // namespace
}  // namespace kontor::test
