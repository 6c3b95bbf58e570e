// What is asked of courses that are there: resolving, downloads, marketplace.
#include "base/sha256.h"
#include "formats/progy/course.h"
#include "tests/support/progy_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;

TEST(Resolve, tells_versions_newest_first_and_the_highest_stable_one) {
  ProgyWorld world;
  for (const auto* version : {"1.0.0", "2.0.0", "2.1.0-rc.1", "1.0.1"})
    ASSERT_EQ(world
                  .publish_course({.version = version,
                                   .metadata = {{"changelog", std::string("In ") + version}}})
                  .status,
              200);
  const auto json = world.get("/registry/resolve/@alice/rust-basics").json();
  EXPECT_EQ(json["name"], "@alice/rust-basics");
  EXPECT_EQ(json["scope"], "alice");
  EXPECT_EQ(json["slug"], "rust-basics");
  EXPECT_EQ(json["latest"], "2.0.0");
  EXPECT_EQ(json["versions"], Json({"1.0.1", "2.1.0-rc.1", "2.0.0", "1.0.0"}));
  EXPECT_EQ(json["description"], "From course.json");
  EXPECT_EQ(json["checksum"], sha256(artifact_of({.version = "2.0.0"})).hex());
  EXPECT_EQ(json["sizeBytes"], artifact_of({.version = "2.0.0"}).size());
  EXPECT_EQ(json["changelog"], "In 2.0.0");
  EXPECT_EQ(json["downloadUrl"], "http://registry.test/registry/download/@alice/rust-basics/2.0.0");
  const auto old = world.get("/registry/resolve/@alice/rust-basics?version=1.0.1").json();
  EXPECT_EQ(old["checksum"], sha256(artifact_of({.version = "1.0.1"})).hex());
  EXPECT_EQ(old["latest"], "2.0.0");
  expect_error(world.get("/registry/resolve/@alice/rust-basics?version=9.0.0"), 404,
               "ARTIFACT_NOT_FOUND", "Artifact not found in registry storage");
}

TEST(Resolve, names_a_prerelease_only_where_nothing_is_stable) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({.version = "1.0.0-beta.1"}).status, 200);
  EXPECT_EQ(world.get("/registry/resolve/@alice/rust-basics").json()["latest"], "1.0.0-beta.1");
}

TEST(Resolve, understands_every_spelling_of_a_name) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  for (const auto* spelling : {"@alice/rust-basics", "alice/rust-basics", "@alice%2Frust-basics",
                               "%40alice%2frust-basics", "rust-basics"}) {
    SCOPED_TRACE(spelling);
    const std::string path(spelling);
    EXPECT_EQ(world.get("/registry/resolve/" + path).json()["name"], "@alice/rust-basics");
    EXPECT_EQ(world.get("/registry/download/" + path + "/1.0.0").status, 200);
  }
  for (const auto* path : {"@alice/other", "nothing", "@Alice/rust-basics", "a/b"})
    expect_error(world.get(std::string("/registry/resolve/") + path), 404, "PACKAGE_NOT_FOUND",
                 "Package not found");
}

TEST(Resolve, takes_a_bare_slug_for_ones_own_course_first) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({.name = "@alice/rust"}).status, 200);
  world.clock.advance(seconds(5));
  ASSERT_EQ(world.publish_course({.name = "@bob/rust"}, "bob").status, 200);
  EXPECT_EQ(world.get("/registry/resolve/rust", "alice").json()["name"], "@alice/rust");
  EXPECT_EQ(world.get("/registry/resolve/rust", "carol").json()["name"], "@bob/rust");
  EXPECT_EQ(world.get("/registry/resolve/rust").json()["name"], "@bob/rust");
}

TEST(Download, sends_the_artifact_with_its_headers) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  const auto artifact = artifact_of({});
  const auto answer = world.get("/registry/download/@alice/rust-basics/1.0.0");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, artifact);
  EXPECT_EQ(answer.header("content-type"), "application/octet-stream");
  EXPECT_EQ(answer.header("content-disposition"),
            "attachment; filename=\"rust-basics-1.0.0.progy\"");
  EXPECT_EQ(answer.header("x-checksum-sha256"), sha256(artifact).hex());
  EXPECT_EQ(answer.header("accept-ranges"), "bytes");
  const auto etag = answer.header("etag");
  Ask again{.target = "/registry/download/@alice/rust-basics/1.0.0",
            .headers = {{"if-none-match", etag}}};
  EXPECT_EQ(world.ask(again).status, 304);
  again.headers = {{"range", "bytes=10-"}, {"if-range", etag}};
  const auto rest = world.ask(again);
  EXPECT_EQ(rest.status, 206);
  EXPECT_EQ(rest.body, artifact.substr(10));
  EXPECT_EQ(rest.header("x-checksum-sha256"), sha256(artifact).hex());
  again.headers = {{"range", "bytes=9999999-"}};
  EXPECT_EQ(world.ask(again).status, 416);
}

TEST(Download, of_what_is_not_there_answers_404) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  for (const auto* path : {"@alice/rust-basics/2.0.0", "@alice/rust-basics/latest",
                           "@alice/other/1.0.0", "Nothing/1.0.0"})
    expect_error(world.get(std::string("/registry/download/") + path), 404, "ARTIFACT_NOT_FOUND",
                 "Artifact not found in registry storage");
}

TEST(Download, is_limited_by_address_and_recorded_behind_the_answer) {
  ProgyWorld world;
  world.change_settings(
      [](Settings& settings) { settings.rates = {{"progyDownload", {2, hours(1)}}}; });
  ASSERT_EQ(world.publish_course({}).status, 200);
  const std::string path = "/registry/download/@alice/rust-basics/1.0.0";
  EXPECT_EQ(world.get(path).status, 200);
  EXPECT_EQ(world.get(path, "bob").status, 200);
  EXPECT_EQ(world.get(path).status, 429);
  EXPECT_TRUE(world.database.download_records.empty());
  ASSERT_TRUE(world.run(world.downloads.flush(world.packages)));
  ASSERT_EQ(world.database.download_records.size(), 2u);
  const auto& second = world.database.download_records[1];
  EXPECT_EQ(second.key.name, "@alice/rust-basics");
  EXPECT_EQ(second.version, "1.0.0");
  EXPECT_EQ(second.user, world.user("bob").id);
  EXPECT_EQ(second.address, "192.0.2.1");
  EXPECT_EQ(world.get("/registry/packages/@alice%2Frust-basics", "alice").json()["downloads"], 2);
}

TEST(PrivateCourses, are_there_for_their_owner_alone) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({.metadata = {{"private", true}}}).status, 200);
  const std::string resolve = "/registry/resolve/@alice/rust-basics",
                    download = "/registry/download/@alice/rust-basics/1.0.0",
                    asset = "/registry/@alice/rust-basics/1.0.0/README.md";
  for (const auto* user : {"", "bob"}) {
    expect_error(world.get(resolve, user), 404, "PACKAGE_NOT_FOUND", "Package not found");
    EXPECT_EQ(world.get(download, user).status, 404);
    EXPECT_EQ(world.get(asset, user).status, 404);
    EXPECT_EQ(world.get("/registry", user).json()["total"], 0);
  }
  EXPECT_EQ(world.get(resolve, "alice").json()["private"], true);
  EXPECT_EQ(world.get(download, "alice").header("cache-control"), "private, no-store");
  EXPECT_EQ(world.get(download, "root").status, 200);
}

TEST(Marketplace, lists_searches_and_pages_public_courses) {
  ProgyWorld world;
  for (int i = 0; i < 23; ++i)
    ASSERT_EQ(world.publish_course({.name = "@alice/course-" + std::to_string(i)}).status, 200);
  ASSERT_EQ(world.publish_course({.name = "@bob/zig"}, "bob").status, 200);
  const auto first = world.get("/registry").json();
  EXPECT_EQ(first["total"], 24);
  EXPECT_EQ(first["courses"].size(), 20u);
  EXPECT_EQ(world.get("/registry?page=2").json()["courses"].size(), 4u);
  const auto found = world.get("/registry?query=zig").json();
  ASSERT_EQ(found["courses"].size(), 1u);
  EXPECT_EQ(found["courses"][0]["name"], "@bob/zig");
  EXPECT_EQ(found["courses"][0]["slug"], "zig");
  EXPECT_EQ(found["courses"][0]["latestVersion"], "1.0.0");
  EXPECT_EQ(found["courses"][0]["owner"], "bob");
  EXPECT_EQ(world.get("/registry?page=0").status, 400);
}

TEST(Marketplace, shows_owners_their_courses_and_lets_them_change_these) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  const std::string path = "/registry/packages/@alice%2Frust-basics";
  EXPECT_EQ(world.get(path, "bob").status, 403);
  EXPECT_EQ(world.get("/registry/my-packages", "bob").json()["packages"], Json::array());
  EXPECT_EQ(world.get("/registry/my-packages").status, 401);

  const auto changed =
      world.send("PATCH", path, "alice", {{"isPublic", false}, {"description", "Better words"}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.json()["status"], "draft");
  EXPECT_EQ(changed.json()["description"], "Better words");
  const auto mine = world.get("/registry/my-packages", "alice").json()["packages"];
  ASSERT_EQ(mine.size(), 1u);
  EXPECT_EQ(mine[0]["isPublic"], false);
  EXPECT_EQ(mine[0]["description"], "Better words");
  EXPECT_EQ(world.get("/registry").json()["total"], 0);
  EXPECT_EQ(world.send("PATCH", path, "alice", {{"status", "published"}}).status, 200);
  EXPECT_EQ(world.get("/registry").json()["courses"][0]["description"], "Better words");
  EXPECT_EQ(world.send("PATCH", path, "alice", {{"status", "banned"}}).status, 400);
  EXPECT_EQ(world.send("PATCH", path, "bob", {{"isPublic", false}}).status, 403);
  EXPECT_EQ(world.send("PATCH", path, "alice", {{"description", std::string(501, 'x')}}).status,
            400);
}

TEST(Marketplace, knows_four_ways_in_which_a_course_stands) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  const std::string path = "/registry/packages/@alice/rust-basics";
  const auto stands = [&](const std::string& status) {
    const auto answer = world.send("PATCH", path, "alice", {{"status", status}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json()["status"], status);
    const auto mine = world.get("/registry/my-packages", "alice").json()["packages"];
    EXPECT_EQ(mine[0]["status"], status);
    return world.get("/registry/resolve/@alice/rust-basics").status;
  };
  const auto listed = [&] { return world.get("/registry").json()["total"]; };
  EXPECT_EQ(stands("in_development"), 404);
  EXPECT_EQ(listed(), 0);
  EXPECT_EQ(stands("draft"), 404);
  EXPECT_EQ(stands("published"), 200);
  EXPECT_EQ(listed(), 1);
  EXPECT_EQ(stands("archived"), 200);
  EXPECT_EQ(listed(), 0);
  EXPECT_EQ(world.get("/registry/download/@alice/rust-basics/1.0.0").status, 200);
  ASSERT_EQ(world.publish_course({.version = "1.1.0"}).status, 200);
  EXPECT_EQ(world.get(path, "alice").json()["status"], "published");
  EXPECT_EQ(listed(), 1);
}

TEST(Marketplace, removes_a_course_for_good) {
  ProgyWorld world;
  ASSERT_EQ(world.publish_course({}).status, 200);
  const std::string path = "/registry/packages/@alice/rust-basics";
  EXPECT_EQ(world.send("DELETE", path, "bob", Json::object()).status, 403);
  EXPECT_EQ(world.send("DELETE", path, "alice", Json::object()).status, 200);
  EXPECT_EQ(world.get("/registry/resolve/@alice/rust-basics").status, 404);
  expect_error(world.publish_course({}), 409, "VERSION_EXISTS", "Version already exists");
  EXPECT_EQ(world.publish_course({.version = "1.0.1"}).status, 200);
}

TEST(Assets, are_the_readme_and_images_out_of_the_artifact) {
  ProgyWorld world;
  const CoursePackage course{.files = {{"README.md", "# Rust basics\n"},
                                       {"assets/cover.png", std::string("\x89PNG\r\n\x1a\n") + "x"},
                                       {"assets/page.html", "<script>"},
                                       {"content/secret.md", "the answers"}}};
  ASSERT_EQ(world.publish_course(course).status, 200);
  const std::string base = "/registry/@alice/rust-basics/1.0.0/";
  const auto readme = world.get(base + "README.md");
  ASSERT_EQ(readme.status, 200) << readme.body;
  EXPECT_EQ(readme.body, "# Rust basics\n");
  EXPECT_EQ(readme.header("content-type"), "text/markdown; charset=utf-8");
  EXPECT_EQ(readme.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(world.get(base + "assets/cover.png").body, course.files.at("assets/cover.png"));
  for (const auto* path :
       {"content/secret.md", "assets/page.html", "assets/none.png", "course.json"})
    EXPECT_EQ(world.get(base + path).status, 404) << path;
}

TEST(Schema, is_served_at_the_address_it_names) {
  ProgyWorld world;
  const auto answer = world.get(std::string(progy::kSchemaPath));
  EXPECT_EQ(answer.header("content-type"), "application/schema+json");
  const std::string address = answer.json()["$id"];
  EXPECT_EQ(address, "http://registry.test/schema/course.json");
}

}  // namespace
}  // namespace kontor::test
