// What the registry signs, and what readers see of it.
#include "formats/npm/signatures.h"

#include "base/digest.h"
#include "tests/support/npm_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;

struct SignaturesTest : testing::Test {
  Json version_of(const std::string& package, const std::string& version, bool full = true) {
    Ask ask{.target = "/" + package};
    if (!full) ask.headers = {{"accept", "application/vnd.npm.install-v1+json"}};
    return world.ask(ask).json()["versions"][version];
  }
  // What the signature of a version has to be, given its document.
  static Json signatures_of(const Json& version, const std::string& key = "SHA256:1") {
    const std::string text = key + " " + version["name"].get<std::string>() + "@" +
                             version["version"].get<std::string>() + ":" +
                             version["dist"]["integrity"].get<std::string>();
    return Json::array({{{"keyid", key}, {"sig", to_base64(text)}}});
  }
  void publish_unsigned(const std::string& manifest) {
    world.service.signer = nullptr;
    ASSERT_EQ(world.publish({.manifest = manifest}).status, 201);
    world.service.signer = &world.releases;
  }
  std::uint64_t sign_stored() {
    auto done = world.loop.run(npm::sign_stored_versions(world.registry, world.releases));
    return done ? *done : 0;
  }

  NpmWorld world;
};

TEST_F(SignaturesTest, both_forms_of_a_document_bear_the_signature_of_each_version) {
  ASSERT_EQ(world.publish({.manifest = R"({"name":"@scope/foo","version":"1.0.0"})"}).status, 201);
  for (const bool full : {true, false}) {
    const Json version = version_of("@scope/foo", "1.0.0", full);
    EXPECT_EQ(version["dist"]["signatures"], signatures_of(version));
  }
  const Json one = world.get("/@scope/foo/1.0.0").json();
  EXPECT_EQ(one["dist"]["signatures"], signatures_of(one));
}

TEST_F(SignaturesTest, a_publisher_cannot_state_one) {
  ASSERT_EQ(world
                .publish({.manifest = R"({"name":"foo","version":"1.0.0",)"
                                      R"("dist":{"signatures":[{"keyid":"mine","sig":"me"}]}})"})
                .status,
            201);
  const Json version = version_of("foo", "1.0.0");
  EXPECT_EQ(version["dist"]["signatures"], signatures_of(version));
}

TEST_F(SignaturesTest, a_publish_waits_for_the_signer_rather_than_going_without) {
  world.releases.away = true;
  EXPECT_EQ(world.publish({}).status, 503);
  EXPECT_EQ(world.get("/foo").status, 404);
  world.releases.away = false;
  EXPECT_EQ(world.publish({}).status, 201);
}

TEST_F(SignaturesTest, deprecating_keeps_it) {
  ASSERT_EQ(world.publish({}).status, 201);
  Json document = world.get("/foo").json();
  document["versions"]["1.0.0"]["deprecated"] = R"(say "dist":{ no more)";
  ASSERT_EQ(world.send("PUT", "/foo", "alice", document).status, 200);
  const Json version = version_of("foo", "1.0.0");
  EXPECT_EQ(version["deprecated"], R"(say "dist":{ no more)");
  EXPECT_EQ(version["dist"]["signatures"], signatures_of(version));
}

TEST_F(SignaturesTest, keys_are_served_with_those_that_expired) {
  (void)world.loop.run(world.releases.rotate_release_key());
  const auto answer = world.get("/-/npm/v1/keys");
  EXPECT_EQ(answer.status, 200);
  const std::string type = "ecdsa-sha2-nistp256";
  const Json expected = {{"keys",
                          {{{"expires", nullptr},
                            {"keyid", "SHA256:2"},
                            {"keytype", type},
                            {"scheme", type},
                            {"key", to_base64("public key 2")}},
                           {{"expires", "1970-01-01T00:00:00.001Z"},
                            {"keyid", "SHA256:1"},
                            {"keytype", type},
                            {"scheme", type},
                            {"key", to_base64("public key 1")}}}}};
  EXPECT_EQ(answer.json(), expected);
  const auto etag = answer.header("etag");
  EXPECT_EQ(world.ask({.target = "/-/npm/v1/keys", .headers = {{"if-none-match", etag}}}).status,
            304);
  (void)world.loop.run(world.releases.rotate_release_key());
  EXPECT_EQ(world.ask({.target = "/-/npm/v1/keys", .headers = {{"if-none-match", etag}}}).status,
            200);
}

TEST_F(SignaturesTest, a_registry_without_a_signer_serves_no_keys) {
  world.service.signer = nullptr;
  ASSERT_EQ(world.publish({}).status, 201);
  EXPECT_EQ(world.get("/-/npm/v1/keys").status, 404);
  EXPECT_FALSE(version_of("foo", "1.0.0")["dist"].contains("signatures"));
}

TEST_F(SignaturesTest, versions_from_before_are_signed_and_nothing_else_changes) {
  for (const auto* manifest : {R"({"name":"foo","version":"1.0.0"})",
                               R"({"name":"foo","version":"1.1.0","dist":{"x":"\"dist\":{"}})",
                               R"({"name":"bar","version":"2.0.0","a":{"dist":{}}})"})
    publish_unsigned(manifest);
  ASSERT_EQ(world.publish({.manifest = R"({"name":"foo","version":"1.2.0"})"}).status, 201);
  Json before = world.get("/foo").json();
  world.clock.advance(hours(1));
  EXPECT_EQ(sign_stored(), 3u);
  EXPECT_EQ(sign_stored(), 0u);
  Json after = world.get("/foo").json();
  for (const auto* version : {"1.0.0", "1.1.0"}) {
    Json& dist = after["versions"][version]["dist"];
    EXPECT_EQ(dist["signatures"], signatures_of(after["versions"][version]));
    dist.erase("signatures");
  }
  before.erase("_rev");
  after.erase("_rev");
  EXPECT_EQ(after, before);
  const Json bar = version_of("bar", "2.0.0");
  EXPECT_EQ(bar["dist"]["signatures"], signatures_of(bar));
}

TEST_F(SignaturesTest, signing_goes_on_where_the_signer_was_away) {
  publish_unsigned(R"({"name":"foo","version":"1.0.0"})");
  world.releases.away = true;
  EXPECT_EQ(sign_stored(), 0u);
  world.releases.away = false;
  EXPECT_EQ(sign_stored(), 1u);
}

}  // namespace
}  // namespace kontor::test
