// Changes of oripk.toml, which leave the rest of it alone.
#include "apps/cli/ori/manifest_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::cli::ori {
namespace {

using testing::HasSubstr;

const std::string kHead =
    "# my package\n[project]\nname = \"@a/b\"  # its name\nversion = \"1.0.0\"\nori = \"0.1.0\"\n";

TEST(ManifestEdit, a_dependency_goes_behind_the_others_of_its_table) {
  const std::string text =
      kHead + "\n[dependencies]\nstd.json\n@a/c = \"1.0.0\" # why\n\n[features]\n";
  EXPECT_EQ(
      add_dependency(text, {"@a/d", "2.0.0", false, {}}),
      kHead +
          "\n[dependencies]\nstd.json\n@a/c = \"1.0.0\" # why\n@a/d = \"2.0.0\"\n\n[features]\n");
}

TEST(ManifestEdit, a_table_is_made_where_there_is_none) {
  EXPECT_EQ(add_dependency(kHead, {"@a/d", "2.0.0", true, {}}),
            kHead + "\n[dev-dependencies]\n@a/d = \"2.0.0\"\n");
  EXPECT_EQ(
      add_dependency(kHead, {"@a/d", "2.0.0", false, {"x", "y"}}),
      kHead + "\n[dependencies]\n@a/d = { version = \"2.0.0\", features = [\"x\", \"y\"] }\n");
}

TEST(ManifestEdit, a_dependency_changes_its_version_in_every_form) {
  for (const std::string& form : std::vector<std::string>{
           "[dependencies]\n@a/c = \"1.0.0\"\n@a/d = \"1.0.0\"\n",
           "[dependencies]\n\"@a/c\" = '1.0.0'\n@a/d = \"1.0.0\"\n",
           "[dev-dependencies]\n@a/c = { features = [\"1.0\"], version = \"1.0.0\" }\n",
           "[dependencies.@a/c]\nversion = \"1.0.0\"\ndefault-features = false\n",
           "[dependencies.\"@a/c\"]\nversion = \"1.0.0\"\n\n[dependencies.@a/d]\nversion = "
           "\"1.0.0\"\n",
           "[target.\"cfg(x)\".dependencies]\n@a/c = \"1.0.0\"\n"}) {
    const auto changed = change_dependency(kHead + form, "@a/c", "1.1.0");
    ASSERT_TRUE(changed) << form << changed.error().detail;
    std::string expected = form;
    expected.replace(expected.find("1.0.0"), 5, "1.1.0");
    EXPECT_EQ(*changed, kHead + expected);
  }
}

TEST(ManifestEdit, a_dependency_goes_in_every_form) {
  for (const std::string& form :
       std::vector<std::string>{"[dependencies]\n@a/c = \"1.0.0\"\n",
                                "[dependencies]\n\"@a/c\" = { version = \"1.0.0\" }\n"})
    EXPECT_EQ(remove_dependency(kHead + form, "@a/c"), kHead + "[dependencies]\n");
  EXPECT_EQ(remove_dependency(
                kHead + "[dependencies.@a/c]\nversion = \"1.0.0\"\n[features]\nx = []\n", "@a/c"),
            kHead + "[features]\nx = []\n");
}

TEST(ManifestEdit, the_version_of_the_package_and_no_other_is_raised) {
  const std::string rest = "[dependencies.@a/c]\nversion = \"1.0.0\"\n";
  std::string expected = kHead + rest;
  expected.replace(expected.find("1.0.0"), 5, "2.0.0-rc.1");
  EXPECT_EQ(change_version(kHead + rest, "2.0.0-rc.1"), expected);
}

TEST(ManifestEdit, scripts_are_left_out) {
  EXPECT_EQ(without_scripts(kHead + "[scripts]\ntest = \"x\"\n# of the scripts\n[features]\n"),
            kHead + "[features]\n");
  EXPECT_EQ(without_scripts(kHead), kHead);
}

// What cannot be changed by lines is left to a person, whatever the lines looked like.
TEST(ManifestEdit, what_is_laid_out_otherwise_is_not_touched) {
  const auto all_of = {
      add_dependency("dependencies = {}\n" + kHead, {"@a/d", "2.0.0", false, {}}),
      change_dependency(kHead + "[dependencies]\n@a/c = { version =\"1.0\\u002e0\" }\n", "@a/c",
                        "2.0.0"),
      remove_dependency(kHead + "[dependencies]\n\"@a/\\u0063\" = \"1.0.0\"\n", "@a/c"),
      without_scripts("scripts = { test = \"x\" }\n" + kHead),
      change_version("project = { name = \"@a/b\", version = \"1.0.0\", ori = \"0.1.0\" }\n",
                     "2.0.0"),
      change_version(kHead + "description = '''\n[project]\nversion = \"1.0.0\"\n'''\n", "2.0.0"),
  };
  for (const auto& text : all_of) {
    ASSERT_FALSE(text) << *text;
    EXPECT_THAT(text.error().detail, HasSubstr("by hand"));
  }
}

TEST(ManifestEdit, a_manifest_that_is_none_is_told_so) {
  EXPECT_FALSE(change_version("[project]\n", "1.0.0"));
  EXPECT_FALSE(without_scripts("[["));
}

}  // namespace
}  // namespace kontor::cli::ori
