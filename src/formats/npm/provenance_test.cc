// What a statement has to say, and what readers see of a version that was published with one. Who
// signed it is judged elsewhere; here every bundle is believed.
#include "formats/npm/provenance.h"

#include "formats/npm/stored_manifest.h"
#include "tests/support/believing_verifier.h"
#include "tests/support/npm_world.h"

#include <gtest/gtest.h>

namespace kontor::test {
namespace {

using Json = nlohmann::ordered_json;

struct ProvenanceTest : testing::Test {
  ProvenanceTest() { world.service.attestations = &verifier; }
  Answer publish(const Json& statement) {
    return world.send("PUT", "/@scope%2ffoo", "alice", with_bundle(document, statement));
  }
  void expect_refused(const Json& statement) {
    const auto answer = publish(statement);
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_EQ(world.get("/@scope%2ffoo").status, 404);
  }

  BelievingVerifier verifier;
  NpmWorld world;
  Json document = document_of({.manifest = R"({"name":"@scope/foo","version":"1.0.0"})"});
  Json statement = statement_of(document);
};

TEST_F(ProvenanceTest, is_pointed_at_and_served_as_it_was_sent) {
  ASSERT_EQ(publish(statement).status, 201);
  const Json version = world.get("/@scope%2ffoo").json()["versions"]["1.0.0"];
  const std::string url = version["dist"]["attestations"]["url"];
  const std::string path = "/-/npm/v1/attestations/@scope%2ffoo@1.0.0";
  EXPECT_TRUE(url.ends_with(path)) << url;
  EXPECT_TRUE(url.starts_with("http")) << url;
  EXPECT_EQ(version["dist"]["attestations"]["provenance"]["predicateType"],
            "https://slsa.dev/provenance/v1");
  const auto answer = world.get(path);
  EXPECT_EQ(answer.status, 200);
  const Json expected = {
      {"attestations",
       {{{"predicateType", "https://slsa.dev/provenance/v1"}, {"bundle", statement}}}}};
  EXPECT_EQ(answer.json(), expected);
  EXPECT_EQ(world.get("/-/npm/v1/attestations/@scope/foo@1.0.1").status, 404);
  EXPECT_EQ(world.get("/-/npm/v1/attestations/foo").status, 404);
}

// So a check of the store finds nothing to mend.
TEST_F(ProvenanceTest, the_short_form_follows_from_the_long_one) {
  ASSERT_EQ(publish(statement).status, 201);
  const auto package = *world.run(world.packages.find({FormatId::npm, "@scope/foo"}));
  const auto version = *world.run(world.packages.find_version(package->id, "1.0.0"));
  EXPECT_EQ(npm::abbreviated_of("@scope/foo", version->manifest), version->abbreviated);
  EXPECT_EQ(npm::contradiction_in("@scope/foo", *version), "");
}

TEST_F(ProvenanceTest, statements_about_something_else_are_refused) {
  auto& subject = statement["subject"][0];
  const Json good = statement;
  subject["name"] = "pkg:npm/%40scope/foo@1.0.1";
  expect_refused(statement);
  statement = good;
  statement["subject"][0]["digest"]["sha512"] = std::string(128, '0');
  expect_refused(statement);
  statement = good;
  statement["subject"].push_back(statement["subject"][0]);
  expect_refused(statement);
  statement = good;
  statement["predicateType"] = "https://example.test/other";
  expect_refused(statement);
  statement = good;
  statement["_type"] = "https://example.test/other";
  expect_refused(statement);
  EXPECT_EQ(publish(good).status, 201);
}

TEST_F(ProvenanceTest, the_source_is_that_of_the_certificate) {
  verifier.claims[12] = "https://github.com/acme/tool";
  expect_refused(statement);
  auto& workflow = statement["predicate"]["buildDefinition"]["externalParameters"]["workflow"];
  workflow["repository"] = "https://github.com/evil/tool";
  expect_refused(statement);
  workflow["repository"] = "https://github.com/acme/tool";
  EXPECT_EQ(publish(statement).status, 201);
}

TEST_F(ProvenanceTest, what_a_builder_at_github_says_of_itself_is_what_its_certificate_says) {
  auto& build = statement["predicate"]["buildDefinition"];
  build["buildType"] = "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1";
  build["externalParameters"]["workflow"] = {{"repository", "https://github.com/acme/tool"},
                                             {"path", ".github/workflows/release.yml"},
                                             {"ref", "refs/heads/main"}};
  build["internalParameters"]["github"] = {{"repository_id", "71"}, {"repository_owner_id", "4"}};
  statement["predicate"]["runDetails"]["builder"]["id"] =
      "https://github.com/actions/runner/github-hosted";
  const std::map<int, std::string> good = {
      {11, "github-hosted"},
      {12, "https://github.com/acme/tool"},
      {15, "71"},
      {17, "4"},
      {18, "https://github.com/acme/tool/.github/workflows/release.yml@refs/heads/main"}};
  for (const auto& [claim, value] : good) {
    verifier.claims = good;
    verifier.claims[claim] = value + "x";
    expect_refused(statement);
  }
  verifier.claims = good;
  EXPECT_EQ(publish(statement).status, 201);
}

TEST_F(ProvenanceTest, without_trusted_roots_it_is_refused) {
  world.service.attestations = nullptr;
  EXPECT_EQ(publish(statement).status, 400);
  EXPECT_EQ(world.get("/@scope%2ffoo").status, 404);
}

TEST_F(ProvenanceTest, of_a_hidden_package_is_hidden) {
  ASSERT_EQ(publish(statement).status, 201);
  ASSERT_EQ(
      world.send("POST", "/-/package/@scope%2ffoo/access", "alice", {{"access", "restricted"}})
          .status,
      200);
  EXPECT_EQ(world.get("/-/npm/v1/attestations/@scope%2ffoo@1.0.0").status, 404);
  EXPECT_EQ(world.get("/-/npm/v1/attestations/@scope%2ffoo@1.0.0", "alice").status, 200);
}

}  // namespace
}  // namespace kontor::test
