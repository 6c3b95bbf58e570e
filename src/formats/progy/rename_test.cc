// A user gets another name: courses go along, old names lead there, and nobody else gets them.
#include "formats/progy/records.h"
#include "tests/support/progy_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;

struct RenameWorld : ProgyWorld {
  RenameWorld() {
    for (const auto* version : {"1.0.0", "1.1.0"})
      EXPECT_EQ(publish_course({.version = version}).status, 200);
  }
  Answer rename(const std::string& from, const std::string& to, const std::string& by) {
    return send("POST", "/registry/users/" + from + "/rename", by, {{"name", to}});
  }
};

TEST(Rename, takes_the_courses_along_and_leads_there_from_their_old_names) {
  RenameWorld world;
  const auto bytes = world.get("/registry/download/@alice/rust-basics/1.0.0").body;
  const auto token = world.login("alice");
  const auto renamed = world.rename("alice", "alicia", "alice");
  ASSERT_EQ(renamed.status, 200) << renamed.body;
  EXPECT_EQ(renamed.json()["name"], "alicia");
  EXPECT_EQ(renamed.json()["packages"], Json::array({"@alicia/rust-basics"}));
  for (const auto* name : {"@alicia/rust-basics", "@alice/rust-basics", "rust-basics"}) {
    SCOPED_TRACE(name);
    const auto told = world.get(std::string("/registry/resolve/") + name).json();
    EXPECT_EQ(told["name"], "@alicia/rust-basics");
    EXPECT_EQ(told["versions"], Json::array({"1.1.0", "1.0.0"}));
    EXPECT_EQ(told["downloadUrl"],
              "http://registry.test/registry/download/@alicia/rust-basics/1.1.0");
    const auto got = world.get(std::string("/registry/download/") + name + "/1.0.0");
    EXPECT_EQ(got.body, bytes);
  }
  EXPECT_EQ(world.get("/registry").json()["courses"][0]["name"], "@alicia/rust-basics");
  EXPECT_EQ(world.get("/registry").json()["courses"][0]["owner"], "alicia");
  Ask whoami{.target = "/registry/my-packages", .headers = {{"authorization", token}}};
  EXPECT_EQ(world.ask(whoami).json()["packages"].size(), 1u);
}

TEST(Rename, goes_on_with_publishing_under_the_new_name_alone) {
  RenameWorld world;
  const auto token = world.login("alice");
  ASSERT_EQ(world.rename("alice", "alicia", "alice").status, 200);
  const auto publish = [&](const std::string& name) {
    const CoursePackage course{.name = name, .version = "1.2.0"};
    Ask request{.method = "POST", .target = "/registry/publish"};
    request.headers = {{"content-type", "multipart/form-data; boundary=a-boundary-of-the-tests"},
                       {"authorization", token}};
    request.body = form_of({{"file", artifact_of(course), "a.progy"},
                            {"metadata", Json{{"name", name}, {"version", "1.2.0"}}.dump()}});
    return world.ask(request).status;
  };
  EXPECT_EQ(publish("@alice/rust-basics"), 403);
  EXPECT_EQ(publish("@alicia/rust-basics"), 200);
  EXPECT_EQ(world.get("/registry/resolve/@alice/rust-basics").json()["latest"], "1.2.0");
}

TEST(Rename, reserves_the_old_name_for_ever) {
  RenameWorld world;
  ASSERT_EQ(world.rename("alice", "alicia", "alice").status, 200);
  const auto create = world.send("POST", "/-/kontor/v1/users", "root",
                                 {{"name", "alice"}, {"password", "a long password"}});
  EXPECT_GE(create.status, 400);
  EXPECT_EQ(world.rename("bob", "alice", "bob").status, 409);
  EXPECT_EQ(world.rename("bob", "alicia", "bob").status, 409);
  EXPECT_EQ(world.rename("bob", "No Name", "bob").status, 400);
}

TEST(Rename, is_for_the_user_and_administrators) {
  RenameWorld world;
  EXPECT_EQ(world.rename("alice", "mine", "bob").status, 403);
  EXPECT_EQ(world.rename("nobody", "mine", "root").status, 404);
  EXPECT_EQ(world.rename("alice", "alicia", "root").status, 200);
  EXPECT_EQ(world.get("/registry/resolve/@alicia/rust-basics").status, 200);
}

TEST(Rename, that_was_interrupted_is_finished_by_the_same_call) {
  RenameWorld world;
  const auto token = world.login("alice");
  auto user = **world.run(world.accounts.find_user("alice"));
  user.name = "alicia";
  ASSERT_TRUE(world.run(world.accounts.rename_user(user)));
  EXPECT_EQ(world.get("/registry/resolve/@alice/rust-basics").json()["name"], "@alice/rust-basics");
  Ask again{.method = "POST", .target = "/registry/users/alice/rename"};
  again.headers = {{"authorization", token}, {"content-type", "application/json"}};
  again.body = R"({"name":"other"})";
  EXPECT_EQ(world.ask(again).status, 409);
  again.body = R"({"name":"alicia"})";
  EXPECT_EQ(world.ask(again).json()["packages"], Json::array({"@alicia/rust-basics"}));
  EXPECT_EQ(world.get("/registry/resolve/@alice/rust-basics").json()["name"],
            "@alicia/rust-basics");
  EXPECT_EQ(world.ask(again).json()["packages"], Json::array());
}

TEST(Rename, is_told_by_the_log_as_withdrawals_and_publishes) {
  RenameWorld world;
  const auto before = world.database.logs.at(LogId::open).size();
  ASSERT_EQ(world.rename("alice", "alicia", "alice").status, 200);
  const auto& leaves = world.database.logs.at(LogId::open);
  int withdrawn = 0, published = 0;
  for (std::size_t i = before; i < leaves.size(); ++i) {
    const auto& leaf = leaves[i].leaf;
    withdrawn += leaf.starts_with("pkglog/v1 withdraw\npackage progy/@alice/rust-basics\n");
    published += leaf.starts_with("pkglog/v1 publish\npackage progy/@alicia/rust-basics\n");
  }
  EXPECT_EQ(withdrawn, 2);
  EXPECT_EQ(published, 2);
  const auto package = *world.run(world.packages.find({FormatId::progy, "@alicia/rust-basics"}));
  const auto version = *world.run(world.packages.find_version(package->id, "1.0.0"));
  ASSERT_TRUE(version->logged);
  const auto& own = leaves.at(version->logged->index).leaf;
  EXPECT_TRUE(own.starts_with("pkglog/v1 publish\npackage progy/@alicia/")) << own;
  EXPECT_EQ(progy::kProgy.contradiction_in("@alicia/rust-basics", *version), "");
}

}  // namespace
}  // namespace kontor::test
