// Walks every route of Progy with every kind of wrong credential (row AUTH-13): a refusal counts
// only if the very same request succeeds with the right credential, and if the refused one changed
// nothing.
#include "tests/protocol/wrong_credentials.h"
#include "tests/support/progy_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

struct WalkedWorld : ProgyWorld {
  WalkedWorld() { EXPECT_EQ(publish_course({.files = {{"README.md", "# Read"}}}).status, 200); }
  std::string state() {
    const auto record = *run(packages.find({FormatId::progy, "@alice/rust-basics"}));
    return everything_stored() + (record ? std::to_string(record->revision) : "-") +
           std::to_string(blobs.count());
  }
};

std::string replace(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  return at == text.npos ? text : text.replace(at, from.size(), to);
}

// A request that alice succeeds with.
Ask rightful(const http::RouteInfo& info) {
  Ask ask{.method = std::string(to_string(info.method)), .target = std::string(info.pattern)};
  for (const auto& [from, to] : {std::pair<std::string, std::string>{":pkg", "@alice/rust-basics"},
                                 {":scope", "alice"},
                                 {":slug", "rust-basics"},
                                 {":version", "1.0.0"},
                                 {"*asset", "README.md"}})
    ask.target = replace(ask.target, from, to);
  if (ask.target.ends_with("/publish")) {
    const CoursePackage next{.version = "2.0.0"};
    ask.headers = {{"content-type", "multipart/form-data; boundary=a-boundary-of-the-tests"}};
    ask.body = form_of({{"file", artifact_of(next), "a.progy"},
                        {"metadata", R"({"name":"@alice/rust-basics","version":"2.0.0"})"}});
  }
  if (ask.target.ends_with("/rename")) {
    ask.target = "/registry/users/alice/rename";
    ask.headers = {{"content-type", "application/json"}};
    ask.body = R"({"name":"alicia"})";
  }
  if (info.method == http::Method::patch) {
    ask.headers = {{"content-type", "application/json"}};
    ask.body = R"({"isPublic":false})";
  }
  return ask;
}

Answer call(WalkedWorld& world, const http::RouteInfo& info, const std::string& authorization) {
  Ask ask = rightful(info);
  if (!authorization.empty()) ask.headers.emplace_back("authorization", authorization);
  return world.ask(std::move(ask));
}

TEST(ProgyRouteWalk, every_route_refuses_every_wrong_credential_and_changes_nothing) {
  for (const auto& entry : progy::routes()) {
    for (const auto& wrong : kWrongCredentials) {
      const int expected = wrong.expected(entry.info.access);
      if (expected == 0) continue;
      SCOPED_TRACE(std::string(entry.info.pattern) + " with " + wrong.name);
      WalkedWorld world;
      const auto header = wrong.header(world, "alice");
      const auto before = world.state();
      const auto answer = call(world, entry.info, header);
      EXPECT_EQ(answer.status, expected) << answer.body;
      EXPECT_EQ(world.state(), before);
      EXPECT_TRUE(answer.json()["code"].is_string());
      if (expected == 401) EXPECT_EQ(answer.json()["code"], "UNAUTHORIZED");
    }
  }
}

TEST(ProgyRouteWalk, the_same_requests_succeed_for_their_rightful_caller) {
  for (const auto& entry : progy::routes()) {
    SCOPED_TRACE(std::string(entry.info.pattern));
    WalkedWorld world;
    const auto answer = call(world, entry.info, world.login("alice"));
    EXPECT_EQ(answer.status, 200) << answer.body;
  }
}

TEST(ProgyRouteWalk, nobody_else_can_write_to_a_course) {
  int walked = 0;
  for (const auto& entry : progy::routes()) {
    if (!writes(entry.info.access)) continue;
    SCOPED_TRACE(std::string(entry.info.pattern));
    WalkedWorld world;
    world.add_user("mallory", "secret of mallory");
    for (const auto& header :
         {world.login("mallory"), issued(world, "alice", {.packages = {"@other/*"}})}) {
      const auto before = world.state();
      const int status = call(world, entry.info, header).status;
      EXPECT_TRUE(status == 403 || status == 404) << status;
      EXPECT_EQ(world.state(), before);
    }
    ++walked;
  }
  EXPECT_GE(walked, 3);
}

}  // namespace
}  // namespace kontor::test
