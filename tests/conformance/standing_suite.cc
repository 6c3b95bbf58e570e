// How versions stand, packages on their way to another owner, and claimed scopes.
#include "base/sha256.h"
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

TEST_P(PackageStoreSuite, a_standing_is_told_by_every_query_of_the_version) {
  apply(first_publish("pkg", ann_));
  const auto before = load("pkg");
  apply(with(change_of("pkg"), SetStanding{"1.0.0", Standing::yanked}));
  const auto now = load("pkg");
  EXPECT_EQ(now.rewritten, now.revision) << "documents are made anew";
  EXPECT_GT(now.revision, before.revision);
  EXPECT_EQ(must(packages().find_version(now.id, "1.0.0"))->standing, Standing::yanked);
  EXPECT_EQ(must(packages().fragments(now.id, FragmentKind::manifest))[0].standing,
            Standing::yanked);
  EXPECT_EQ(must(packages().fragments(now.id, FragmentKind::abbreviated))[0].standing,
            Standing::yanked);
  const auto file = must(packages().find_version(now.id, "1.0.0"))->file_name;
  EXPECT_EQ(must(packages().find_archive(now.id, file))->standing, Standing::yanked);
  EXPECT_EQ(now.tags, before.tags) << "tags stay where they are";
}

TEST_P(PackageStoreSuite, the_standing_of_a_version_that_is_not_there_cannot_be_set) {
  apply(first_publish("pkg", ann_));
  EXPECT_EQ(apply_refused(with(change_of("pkg"), SetStanding{"2.0.0", Standing::yanked})),
            Code::version_not_found);
}

TEST_P(PackageStoreSuite, only_an_erased_version_does_not_name_its_blob) {
  apply(first_publish("pkg", ann_));
  const auto id = load("pkg").id;
  const auto digest = must(packages().find_version(id, "1.0.0"))->archive.sha256;
  for (const auto standing : {Standing::listed, Standing::yanked, Standing::removed}) {
    apply(with(change_of("pkg"), SetStanding{"1.0.0", standing}));
    EXPECT_TRUE(must(audit().unreferenced({digest})).empty());
  }
  apply(with(change_of("pkg"), SetStanding{"1.0.0", Standing::erased}));
  EXPECT_EQ(must(audit().unreferenced({digest})), std::vector{digest});
}

TEST_P(PackageStoreSuite, a_replaced_version_has_the_new_bytes_and_the_old_ones_stay_named) {
  apply(first_publish("pkg", ann_));
  const auto id = load("pkg").id;
  const auto before = *must(packages().find_version(id, "1.0.0"));
  auto other = version_record("1.0.0");
  other.archive.sha256 = sha256("other bytes");
  other.manifest = R"({"other":true})";
  other.readme = "# Other";
  other.publisher = bob_;
  apply(with(change_of("pkg"), ReplaceVersion{other}));
  const auto now = load("pkg");
  EXPECT_EQ(now.rewritten, now.revision) << "documents are made anew";
  const auto stored = *must(packages().find_version(id, "1.0.0"));
  EXPECT_EQ(stored.archive.sha256, sha256("other bytes"));
  EXPECT_EQ(stored.manifest, other.manifest);
  EXPECT_EQ(stored.readme, other.readme);
  EXPECT_EQ(stored.publisher, bob_);
  EXPECT_EQ(must(packages().find_archive(id, before.file_name))->archive.sha256,
            sha256("other bytes"));
  const std::vector both = {before.archive.sha256, sha256("other bytes")};
  EXPECT_TRUE(must(audit().unreferenced(both)).empty());
  EXPECT_EQ(apply_refused(with(change_of("pkg"), ReplaceVersion{version_record("2.0.0")})),
            Code::version_not_found);
}

TEST_P(PackageStoreSuite, an_offer_is_kept_until_it_is_replaced_or_taken_back) {
  apply(first_publish("pkg", ann_));
  const auto id = load("pkg").id;
  EXPECT_FALSE(must(packages().find_transfer(id)));
  const Transfer offer{"offer-1", ann_, bob_, kNoon, kNoon + days(7)};
  apply(with(change_of("pkg"), SetTransfer{offer}));
  EXPECT_EQ(must(packages().find_transfer(id)), offer);
  const Transfer another{"offer-2", ann_, bob_, kNoon + days(1), kNoon + days(8)};
  apply(with(change_of("pkg"), SetTransfer{another}));
  EXPECT_EQ(must(packages().find_transfer(id)), another);
  apply(with(change_of("pkg"), SetTransfer{}));
  EXPECT_FALSE(must(packages().find_transfer(id)));
}

TEST_P(PackageStoreSuite, an_offer_needs_its_users_and_goes_with_them) {
  apply(first_publish("pkg", ann_));
  const auto id = load("pkg").id;
  EXPECT_EQ(apply_refused(with(change_of("pkg"),
                               SetTransfer{Transfer{"x", ann_, UserId(999), kNoon, kNoon}})),
            Code::conflict);
  apply(with(change_of("pkg"), SetTransfer{Transfer{"x", ann_, bob_, kNoon, kNoon + days(7)}}));
  must(accounts().remove_user(bob_));
  EXPECT_FALSE(must(packages().find_transfer(id)));
}

TEST_P(PackageStoreSuite, a_scope_belongs_to_whoever_was_first_in_it) {
  EXPECT_FALSE(must(packages().find_scope(FormatId::npm, "acme")));
  auto first = first_publish("@acme/a", ann_);
  first.create->claimed_scope = "acme";
  apply(first);
  EXPECT_EQ(must(packages().find_scope(FormatId::npm, "acme")), ann_);
  EXPECT_FALSE(must(packages().find_scope(FormatId::ori, "acme"))) << "each format has its own";
  auto second = first_publish("@acme/b", bob_);
  second.create->claimed_scope = "acme";
  EXPECT_EQ(apply_refused(second), Code::conflict);
  EXPECT_FALSE(must(packages().find(key_of("@acme/b"))));
  auto own = first_publish("@acme/c", ann_);
  own.create->claimed_scope = "acme";
  apply(own);
  must(accounts().remove_user(ann_));
  EXPECT_FALSE(must(packages().find_scope(FormatId::npm, "acme")));
  apply(second);
  EXPECT_EQ(must(packages().find_scope(FormatId::npm, "acme")), bob_);
}

}  // namespace
}  // namespace kontor::test
