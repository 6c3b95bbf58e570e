// A package from its first publish to its end, through the gateway on in-memory stores.
#include "tests/support/npm_world.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

using test::Answer;
using test::Package;
using Json = nlohmann::ordered_json;

class PackageLife : public testing::Test {
 protected:
  test::NpmWorld world;
};

TEST_F(PackageLife, begins_with_a_publish_that_can_be_read_at_once) {
  const Answer published = world.publish({R"({"name":"foo","version":"1.0.0","x":{"y":1}})"});
  ASSERT_EQ(published.status, 201) << published.body;
  EXPECT_EQ(published.json()["success"], true);

  const Answer full = world.get("/foo");
  ASSERT_EQ(full.status, 200) << full.body;
  const Json doc = full.json();
  EXPECT_EQ(doc["_rev"], published.json()["rev"]);
  EXPECT_EQ(doc["dist-tags"]["latest"], "1.0.0");
  EXPECT_EQ(doc["versions"]["1.0.0"]["x"]["y"], 1);
  EXPECT_EQ(doc["versions"]["1.0.0"]["_npmUser"]["name"], "alice");
  EXPECT_EQ(doc["versions"]["1.0.0"]["dist"]["tarball"],
            "http://registry.test/foo/-/foo-1.0.0.tgz");
  EXPECT_EQ(doc["maintainers"][0]["name"], "alice");

  const Answer tarball = world.get("/foo/-/foo-1.0.0.tgz");
  EXPECT_EQ(tarball.status, 200);
  EXPECT_EQ(tarball.body, test::tarball_of({R"({"name":"foo","version":"1.0.0","x":{"y":1}})"}));
  EXPECT_EQ(tarball.header("content-encoding"), "");
}

TEST_F(PackageLife, takes_a_tarball_that_arrives_byte_by_byte) {
  const auto document = test::document_of({});
  test::Ask ask{.method = "PUT", .target = "/foo", .body = document.dump(), .piece = 1};
  ask.headers.emplace_back("authorization", world.login("alice"));
  EXPECT_EQ(world.ask(ask).status, 201);
}

}  // namespace
}  // namespace kontor::npm
