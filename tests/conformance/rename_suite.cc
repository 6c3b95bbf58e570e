// Users and packages that get other names.
#include "tests/conformance/store_harness.h"

namespace kontor::test {
namespace {

TEST_P(AccountStoreSuite, a_renamed_user_is_found_by_both_names_and_nobody_gets_the_old_one) {
  apply(first_publish("pkg", ann_));
  const auto before = load("pkg");
  auto user = *must(accounts().find_user("ann"));
  user.name = "bob";
  EXPECT_EQ(refused(accounts().rename_user(user)), Code::user_exists);
  user.name = "anna";
  user.totp_secret = "sealed anew";
  must(accounts().rename_user(user));
  EXPECT_FALSE(must(accounts().find_user("ann")));
  const auto renamed = must(accounts().find_user("anna"));
  ASSERT_TRUE(renamed);
  EXPECT_EQ(renamed->id, ann_);
  EXPECT_EQ(renamed->totp_secret, "sealed anew");
  EXPECT_EQ(must(accounts().find_renamed_user("ann"))->name, "anna");
  EXPECT_FALSE(must(accounts().find_renamed_user("anna")));
  EXPECT_EQ(refused(accounts().create_user(user_named("ann"))), Code::user_exists);
  EXPECT_EQ(refused(accounts().rename_user(user)), Code::conflict) << "of an old revision";
  EXPECT_EQ(load("pkg").owners[0].name, "anna");
  EXPECT_GT(load("pkg").revision, before.revision);
  EXPECT_EQ(must(packages().search({.maintainer = "anna"})).total, 1u);
  EXPECT_EQ(must(packages().search({.maintainer = "ann"})).total, 0u);
}

TEST_P(AccountStoreSuite, a_former_name_is_taken_back_by_its_user_alone) {
  const auto rename = [&](UserId id, const std::string& name) {
    auto user = *must(accounts().find_user_by_id(id));
    user.name = name;
    return accounts().rename_user(user);
  };
  must(rename(ann_, "anna"));
  must(rename(ann_, "annie"));
  EXPECT_EQ(must(accounts().find_renamed_user("ann"))->name, "annie");
  EXPECT_EQ(refused(rename(bob_, "ann")), Code::user_exists);
  must(rename(ann_, "ann"));
  EXPECT_FALSE(must(accounts().find_renamed_user("ann")));
  EXPECT_EQ(must(accounts().find_renamed_user("annie"))->name, "ann");
  must(accounts().remove_user(ann_));
  EXPECT_FALSE(must(accounts().find_renamed_user("anna")));
  EXPECT_EQ(refused(accounts().create_user(user_named("anna"))), Code::user_exists);
}

TEST_P(PackageStoreSuite, a_renamed_package_keeps_what_it_had_under_its_new_name) {
  apply(first_publish("pkg", ann_));
  apply(first_publish("other", ann_));
  const auto before = load("pkg");
  const Day day{20'000};
  must(packages().add_downloads({{{FormatId::npm, "pkg"}, "1.0.0", day, 3}}));
  const auto rename = [&](const std::string& name) {
    PackageChange change{.key = {FormatId::npm, "pkg"}, .at = kNoon};
    change.ops.push_back(RenamePackage{name});
    return packages().apply(std::move(change));
  };
  EXPECT_EQ(refused(rename("other")), Code::conflict);
  EXPECT_EQ(must(rename("new-name")).id, before.id);
  EXPECT_FALSE(must(packages().find({FormatId::npm, "pkg"})));
  const auto after = load("new-name");
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.tags, before.tags);
  EXPECT_GT(after.revision, before.revision);
  EXPECT_EQ(after.rewritten, after.revision);
  EXPECT_TRUE(must(packages().find_version(after.id, "1.0.0")));
  const auto counted = must(packages().downloads({FormatId::npm, "new-name"}, day, day));
  ASSERT_EQ(counted.size(), 1u);
  EXPECT_EQ(counted[0].count, 3u);
  apply(first_publish("pkg", bob_));
  EXPECT_NE(load("pkg").id, before.id);
}

}  // namespace
}  // namespace kontor::test
