// Manifests, fragments and the document made of them.
#include "formats/npm/manifest.h"

#include "formats/npm/bin.h"
#include "formats/npm/fragment.h"
#include "formats/npm/packument.h"
#include "ports/log_leaf.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

ManifestFacts facts_of(const std::string& name, const std::string& version) {
  ManifestFacts facts{.name = name, .version = version};
  facts.archive.size = 10;
  facts.file_count = 3;
  facts.unpacked_size = 99;
  facts.publisher = {"alice", "alice@example.org"};
  facts.maintainers = {{"alice", "alice@example.org"}, {"bob", ""}};
  return facts;
}

Json tree(const std::string& text) {
  return Json::parse(text, nullptr, false);
}

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

TEST(Bin, is_brought_to_names_and_relative_paths) {
  const std::vector<std::array<std::string, 3>> table = {
      {"foo", R"("./cli.js")", R"({"foo":"cli.js"})"},
      {"@acme/foo", R"("cli.js")", R"({"foo":"cli.js"})"},
      {"foo", R"(["./bin/a.js","b"])", R"({"a.js":"bin/a.js","b":"b"})"},
      {"foo", R"({"../../evil":"../../etc/x"})", R"({"evil":"etc/x"})"},
      {"foo", R"({"a":"x\\y.js","b":7,"c":""})", R"({"a":"x/y.js"})"},
      {"foo", R"({})", "null"},
      {"foo", R"(true)", "null"},
      {"foo", R"("./")", "null"},
  };
  for (const auto& [name, bin, wanted] : table)
    EXPECT_EQ(to_text(*normalise_bin(name, tree(bin))), wanted) << bin;
}

TEST(Bin, of_more_than_a_thousand_commands_is_refused) {
  Json bin = Json::array();
  for (int i = 0; i < 1001; ++i) bin.push_back(std::to_string(i));
  EXPECT_EQ(normalise_bin("foo", bin).error().code, Code::too_large);
}

TEST(Manifest, keeps_unknown_members_in_their_order) {
  const auto out = make_fragments(
      tree(R"({"zeta":[1,{"b":2,"a":1.5}],"name":"foo","alpha":null,"version":"1.0.0"})"),
      facts_of("foo", "1.0.0"));
  ASSERT_TRUE(out);
  const Json full = parse_fragment(out->full);
  EXPECT_EQ(to_text(full["zeta"]), R"([1,{"b":2,"a":1.5}])");
  const auto names = keys(full);
  EXPECT_EQ((std::vector(names.begin(), names.begin() + 4)),
            (std::vector<std::string>{"zeta", "name", "alpha", "version"}));
  EXPECT_TRUE(full["alpha"].is_null());
}

TEST(Manifest, states_the_registry_s_own_fields_whatever_the_client_claimed) {
  auto facts = facts_of("@acme/foo", "1.0.0");
  facts.has_install_script = true;
  const auto out = make_fragments(tree(R"({
      "name": "@acme/foo", "version": "v1.0.0", "_id": "x@1", "_npmUser": {"name": "mallory"},
      "maintainers": ["mallory"], "_hasShrinkwrap": true, "hasInstallScript": false,
      "_resolved": "/home/x", "_from": "file:", "_integrity": "y", "_attachments": {},
      "readme": "# long", "bin": "./c.js",
      "dist": {"tarball": "http://elsewhere/x.tgz", "shasum": "0", "signatures": [1]}})"),
                                  facts);
  ASSERT_TRUE(out);
  const Json full = tree(expanded(with_place(out->full, "null"), "https://r.example/npm"));
  EXPECT_EQ(full["version"], "1.0.0");
  EXPECT_EQ(full["_id"], "@acme/foo@1.0.0");
  EXPECT_EQ(to_text(full["_npmUser"]), R"({"name":"alice","email":"alice@example.org"})");
  EXPECT_EQ(full["maintainers"].size(), 2u);
  EXPECT_EQ(full["_hasShrinkwrap"], false);
  EXPECT_EQ(full["hasInstallScript"], true);
  EXPECT_EQ(to_text(full["bin"]), R"({"foo":"c.js"})");
  for (const auto name : {"_resolved", "_from", "_integrity", "_attachments", "readme"})
    EXPECT_FALSE(full.contains(name)) << name;
  const Json& dist = full["dist"];
  EXPECT_EQ(keys(dist), (std::vector<std::string>{"integrity", "shasum", "fileCount",
                                                  "unpackedSize", "tlog", "tarball"}));
  EXPECT_EQ(dist["tarball"], "https://r.example/npm/@acme/foo/-/foo-1.0.0.tgz");
  EXPECT_EQ(dist["shasum"], facts.archive.sha1.hex());
  EXPECT_EQ(dist["integrity"], integrity(facts.archive.sha512));
}

TEST(Manifest, abbreviates_to_what_installers_need) {
  const auto out = make_fragments(tree(R"({
      "name": "foo", "version": "1.0.0", "description": "d", "scripts": {"test": "x"},
      "dependencies": {"a": "1"}, "libc": ["glibc"], "os": ["linux"], "license": "MIT",
      "author": "me", "engines": {"node": ">=20"}, "peerDependenciesMeta": {"b": {"optional": true}}
      })"),
                                  facts_of("foo", "1.0.0"));
  ASSERT_TRUE(out);
  EXPECT_EQ(keys(parse_fragment(out->abbreviated)),
            (std::vector<std::string>{"name", "version", "license", "dependencies",
                                      "peerDependenciesMeta", "engines", "os", "libc", "dist"}));
}

TEST(Manifest, finds_the_readme_in_the_version_or_the_document) {
  EXPECT_EQ(readme_of(tree(R"({"readme":"a"})"), tree(R"({"readme":"b"})")), "a");
  EXPECT_EQ(readme_of(tree(R"({})"), tree(R"({"readme":"b"})")), "b");
  EXPECT_EQ(readme_of(tree(R"({"readme":"ERROR: No README data found!"})"), tree("{}")), "");
  EXPECT_EQ(readme_of(tree(R"({"readme":7})"), tree("{}")), "");
}

TEST(Manifest, cuts_text_between_characters) {
  EXPECT_EQ(cut_text("a\xC3\xA9", 2), "a");
  EXPECT_EQ(cut_text("a\xC3\xA9", 3), "a\xC3\xA9");
}

TEST(Fragment, is_deprecated_and_undeprecated_without_touching_the_rest) {
  const auto plain =
      make_fragments(tree(R"({"x":{"y":1,"deprecated":"no"},"d":",\"deprecated\":\"z\"}"})"),
                     facts_of("foo", "1.0.0"));
  ASSERT_TRUE(plain);
  for (const auto& fragment : {plain->full, plain->abbreviated}) {
    EXPECT_EQ(deprecation_of(fragment), "");
    const auto marked = with_deprecation(fragment, "use \"bar\"}},\n\x01");
    EXPECT_EQ(deprecation_of(marked), "use \"bar\"}},\n\x01");
    EXPECT_EQ(parse_fragment(marked)["deprecated"], "use \"bar\"}},\n\x01");
    EXPECT_EQ(deprecation_of(with_deprecation(marked, "other")), "other");
    EXPECT_EQ(with_deprecation(marked, ""), fragment);
  }
}

TEST(Fragment, takes_a_deprecation_the_publisher_stated) {
  const auto out = make_fragments(tree(R"({"deprecated":"old"})"), facts_of("foo", "1.0.0"));
  EXPECT_EQ(out->deprecated, "old");
  EXPECT_EQ(deprecation_of(out->abbreviated), "old");
  const auto odd = make_fragments(tree(R"({"deprecated":true})"), facts_of("foo", "1.0.0"));
  EXPECT_EQ(odd->deprecated, "");
  EXPECT_FALSE(parse_fragment(odd->full).contains("deprecated"));
}

TEST(Fragment, replaces_its_own_marks_only) {
  const auto out = make_fragments(tree(R"({"description":"\u0001/x"})"), facts_of("foo", "1.0.0"));
  const Json full = tree(expanded(with_place(out->full, "null"), "http://h"));
  EXPECT_EQ(full["description"], "\x01/x");
  EXPECT_EQ(full["dist"]["tarball"], "http://h/foo/-/foo-1.0.0.tgz");
}

class PackumentTest : public testing::Test {
 protected:
  PackumentTest() {
    record.key.name = "foo";
    record.revision = 7;
    record.created = {1000};
    record.modified = {2000};
    record.owners = {{UserId(1), "alice", "a@example.org", OwnerRole::maintainer},
                     {UserId(2), "rita", "r@example.org", OwnerRole::reader}};
    record.tags = {{"latest", "1.0.0"}};
    record.stars = {"bob"};
    const auto made =
        make_fragments(tree(R"({"description":"hello","license":"MIT","keywords":["k"]})"),
                       facts_of("foo", "1.0.0"));
    latest.version = "1.0.0";
    latest.manifest = with_place(made->full, "null");
    latest.readme = "# Foo\n";
    full = {{"1.0.0", with_place(made->full, "null"), {1500}}};  // as the store fills it in
    abbreviated = {{"1.0.0", with_place(made->abbreviated, "null"), {1500}}};
  }
  PackageRecord record;
  VersionRecord latest;
  std::vector<VersionFragment> full, abbreviated;
};

TEST_F(PackumentTest, shows_everything_in_full) {
  const Json doc = tree(render_packument(record, full, &latest, Form::full, "http://h/npm"));
  EXPECT_EQ(keys(doc), (std::vector<std::string>{"_id", "_rev", "name", "dist-tags", "versions",
                                                 "time", "maintainers", "users", "description",
                                                 "license", "keywords", "readme", "_attachments"}));
  EXPECT_EQ(doc["_rev"], revision_text(record));
  EXPECT_EQ(to_text(doc["dist-tags"]), R"({"latest":"1.0.0"})");
  EXPECT_EQ(to_text(doc["time"]), R"({"created":"1970-01-01T00:00:01.000Z",)"
                                  R"("modified":"1970-01-01T00:00:02.000Z",)"
                                  R"("1.0.0":"1970-01-01T00:00:01.500Z"})");
  EXPECT_EQ(to_text(doc["maintainers"]), R"([{"name":"alice","email":"a@example.org"}])");
  EXPECT_EQ(to_text(doc["users"]), R"({"bob":true})");
  EXPECT_EQ(doc["readme"], "# Foo\n");
  EXPECT_EQ(doc["versions"]["1.0.0"]["dist"]["tarball"], "http://h/npm/foo/-/foo-1.0.0.tgz");
}

TEST_F(PackumentTest, shows_times_in_the_abbreviated_form_too) {
  const Json doc =
      tree(render_packument(record, abbreviated, nullptr, Form::abbreviated, "http://h"));
  EXPECT_EQ(keys(doc), (std::vector<std::string>{"_rev", "name", "dist-tags", "versions", "time",
                                                 "maintainers", "modified"}));
  EXPECT_EQ(doc["modified"], "1970-01-01T00:00:02.000Z");
}

TEST_F(PackumentTest, has_a_revision_fit_for_urls_that_changes_with_the_package) {
  const auto before = revision_text(record);
  EXPECT_TRUE(before.starts_with("7-"));
  EXPECT_EQ(percent_encode(before), before);
  record.revision = 8;
  EXPECT_NE(revision_text(record), before);
}

}  // namespace
}  // namespace kontor::npm
