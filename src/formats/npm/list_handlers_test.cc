// Lists of packages at their bounds, with the eyes of different callers.
#include "tests/support/npm_world.h"
#include "tests/support/package_builders.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

using Json = nlohmann::ordered_json;

class PackageLists : public testing::Test {
 protected:
  void publish(const std::string& name, const std::string& user = "alice") {
    ASSERT_TRUE(world.run(world.packages.apply(test::first_publish(name, world.user(user).id))));
  }
  test::NpmWorld world;
};

TEST_F(PackageLists, show_no_package_whose_versions_are_all_gone) {
  publish("kept");
  publish("gone");
  auto change = test::change_of("gone");
  change.ops.push_back(RemoveAllVersions{});
  ASSERT_TRUE(world.run(world.packages.apply(std::move(change))));
  EXPECT_EQ(world.get("/-/user/alice/package").json(), (Json{{"kept", "write"}}));
  EXPECT_EQ(world.get("/-/package/list").json()["total"], 1);
  EXPECT_FALSE(world.get("/-/all").json().contains("gone"));
}

TEST_F(PackageLists, of_a_scope_say_what_the_caller_may_do) {
  publish("@team/a", "alice");
  publish("@team/b", "bob");
  publish("@team/c", "alice");
  const auto list = [&](const std::string& user) {
    return world.get("/-/org/team/package", user).json();
  };
  EXPECT_EQ(list("alice"), (Json{{"@team/a", "write"}, {"@team/b", "read"}, {"@team/c", "write"}}));
  EXPECT_EQ(list("bob"), (Json{{"@team/a", "read"}, {"@team/b", "write"}, {"@team/c", "read"}}));
  EXPECT_EQ(list("root"), (Json{{"@team/a", "write"}, {"@team/b", "write"}, {"@team/c", "write"}}));
  EXPECT_EQ(list(""), (Json{{"@team/a", "read"}, {"@team/b", "read"}, {"@team/c", "read"}}));
}

TEST_F(PackageLists, that_would_be_cut_say_so_or_go_on_in_parts) {
  for (int i = 10'000; i < 20'000; ++i) publish("@many/p" + std::to_string(i));
  EXPECT_EQ(world.get("/-/org/many/package").json().size(), 10'000u);
  const auto whole = world.get("/-/package/list?scope=many").json();
  EXPECT_EQ(whole["total"], 10'000);
  EXPECT_FALSE(whole.contains("next"));

  publish("@many/p20000");
  for (const auto* target : {"/-/org/many/package", "/-/user/alice/package", "/-/all"})
    EXPECT_EQ(world.get(target).status, 413) << target;
  const auto first = world.get("/-/package/list?scope=many").json();
  EXPECT_EQ(first["packages"].size(), 10'000u);
  EXPECT_EQ(first["next"], "@many/p19999");
  const auto second = world.get("/-/package/list?scope=many&after=@many/p19999").json();
  EXPECT_EQ(second["packages"].size(), 1u);
  EXPECT_EQ(second["packages"][0]["name"], "@many/p20000");
  EXPECT_FALSE(second.contains("next"));
}

}  // namespace
}  // namespace kontor::npm
