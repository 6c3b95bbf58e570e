// Resolution: exact versions, each package once, no circles.
#include "apps/cli/ori/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::cli::ori {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Packages by "name@version": names and versions of what each needs.
class Shelf final : public MetadataSource {
 public:
  using Needs = std::vector<std::pair<std::string, std::string>>;

  void put(const std::string& name, const std::string& version, const Needs& needs,
           const std::string& kind = "normal") {
    Json list = Json::array();
    for (const auto& [needed, at] : needs)
      list.push_back({{"name", needed}, {"version", at}, {"kind", kind}});
    packages_[name + "@" + version] = {{"dependencies", list}};
  }
  Result<Json> metadata(const std::string& name, const std::string& version) override {
    asked.push_back(name + "@" + version);
    const auto it = packages_.find(name + "@" + version);
    if (it == packages_.end()) return fail(Code::version_not_found);
    return it->second;
  }

  std::vector<std::string> asked;

 private:
  std::map<std::string, Json> packages_;
};

kontor::ori::Manifest project(const std::string& dependencies) {
  return kontor::ori::read_manifest(
             "[project]\nname = \"@me/app\"\nversion = \"1.0.0\"\nori = \"0.1.0\"\n" + dependencies)
      .value();
}

TEST(Resolve, reaches_everything_once_at_its_exact_version) {
  Shelf shelf;
  shelf.put("@a/x", "1.0.0", {{"@a/y", "2.0.0"}, {"@a/z", "3.0.0"}});
  shelf.put("@a/y", "2.0.0", {{"@a/z", "3.0.0"}});
  shelf.put("@a/z", "3.0.0", {});
  const auto graph = resolve(
      project("[dependencies]\nstd.json\n@a/x = \"1.0.0\"\n[dev-dependencies]\n@a/z = \"3.0.0\"\n"),
      shelf);
  ASSERT_TRUE(graph) << graph.error().detail;
  EXPECT_THAT(graph->dependencies, ElementsAre("@a/x", "@a/z"));
  EXPECT_EQ(graph->packages.size(), 3u);
  EXPECT_EQ(graph->packages.at("@a/y").version, "2.0.0");
  EXPECT_THAT(graph->packages.at("@a/x").dependencies, ElementsAre("@a/y", "@a/z"));
  EXPECT_EQ(shelf.asked.size(), 3u);
}

TEST(Resolve, what_dependencies_need_for_development_is_not_installed) {
  Shelf shelf;
  shelf.put("@a/x", "1.0.0", {{"@a/y", "1.0.0"}}, "development");
  const auto graph = resolve(project("[dependencies]\n@a/x = \"1.0.0\"\n"), shelf);
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->packages.size(), 1u);
}

TEST(Resolve, two_versions_of_a_package_are_E0901_and_name_who_asks) {
  Shelf shelf;
  shelf.put("@a/x", "1.0.0", {{"@a/z", "1.0.0"}});
  shelf.put("@a/y", "1.0.0", {{"@a/z", "2.0.0"}});
  shelf.put("@a/z", "1.0.0", {});
  const auto graph =
      resolve(project("[dependencies]\n@a/x = \"1.0.0\"\n@a/y = \"1.0.0\"\n"), shelf);
  ASSERT_FALSE(graph);
  EXPECT_EQ(graph.error().code, Code::conflict);
  EXPECT_THAT(graph.error().detail, HasSubstr("[E0901] version conflict for @a/z\n"
                                              "  | @a/x@1.0.0 requires @a/z = \"1.0.0\"\n"
                                              "  | @a/y@1.0.0 requires @a/z = \"2.0.0\"\n"));
}

TEST(Resolve, a_circle_is_E0902_and_is_shown_whole) {
  Shelf shelf;
  shelf.put("@a/w", "1.0.0", {{"@a/x", "1.0.0"}});
  shelf.put("@a/x", "1.0.0", {{"@a/y", "1.0.0"}});
  shelf.put("@a/y", "1.0.0", {{"@a/z", "1.0.0"}});
  shelf.put("@a/z", "1.0.0", {{"@a/x", "1.0.0"}});
  const auto graph = resolve(project("[dependencies]\n@a/w = \"1.0.0\"\n"), shelf);
  ASSERT_FALSE(graph);
  EXPECT_THAT(graph.error().detail, HasSubstr("[E0902] circular dependency detected\n"
                                              "  | @a/x depends on @a/y\n"
                                              "  | @a/y depends on @a/z\n"
                                              "  | @a/z depends on @a/x\n"));
}

TEST(Resolve, a_dependency_on_the_project_itself_is_a_circle) {
  Shelf shelf;
  shelf.put("@a/x", "1.0.0", {{"@me/app", "0.9.0"}});
  const auto graph = resolve(project("[dependencies]\n@a/x = \"1.0.0\"\n"), shelf);
  ASSERT_FALSE(graph);
  EXPECT_THAT(graph.error().detail, HasSubstr("E0902"));
}

TEST(Resolve, dependencies_that_no_registry_has_are_refused) {
  Shelf shelf;
  const auto graph = resolve(project("[dependencies]\n@a/x = { path = \"../x\" }\n"), shelf);
  ASSERT_FALSE(graph);
  EXPECT_THAT(graph.error().detail, HasSubstr("git, a path or the workspace"));
}

TEST(Resolve, a_registry_cannot_name_what_is_no_package) {
  for (const auto& [name, version] : std::vector<std::pair<std::string, std::string>>{
           {"../../etc", "1.0.0"}, {"@a/z", "^1.0.0"}, {"@a/z", ""}, {"", "1.0.0"}}) {
    Shelf shelf;
    shelf.put("@a/x", "1.0.0", {{name, version}});
    const auto graph = resolve(project("[dependencies]\n@a/x = \"1.0.0\"\n"), shelf);
    ASSERT_FALSE(graph) << name;
    EXPECT_EQ(graph.error().code, Code::bad_request);
  }
}

TEST(WaysTo, are_all_ways_shortest_first) {
  Shelf shelf;
  shelf.put("@a/x", "1.0.0", {{"@a/y", "1.0.0"}});
  shelf.put("@a/y", "1.0.0", {{"@a/z", "1.0.0"}});
  shelf.put("@a/z", "1.0.0", {});
  const auto graph =
      resolve(project("[dependencies]\n@a/x = \"1.0.0\"\n@a/y = \"1.0.0\"\n"), shelf).value();
  EXPECT_THAT(ways_to(graph, "@a/z", 9),
              ElementsAre(ElementsAre("@a/y", "@a/z"), ElementsAre("@a/x", "@a/y", "@a/z")));
  EXPECT_EQ(ways_to(graph, "@a/z", 1).size(), 1u);
  EXPECT_TRUE(ways_to(graph, "@a/none", 9).empty());
}

}  // namespace
}  // namespace kontor::cli::ori
