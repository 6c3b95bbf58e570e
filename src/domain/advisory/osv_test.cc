#include "domain/advisory/osv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A record with all that is looked at, and fields that no schema knows.
constexpr const char* kRecord = R"({
  "schema_version": "1.7.0", "id": "GHSA-1234-5678-9abc", "modified": "2026-11-20T08:30:00Z",
  "published": "2026-11-19T00:00:00Z", "aliases": ["CVE-2026-1"], "summary": "A hole",
  "details": "Long.", "x_future": {"kept": [1, 2.50, null]},
  "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
  "affected": [
    {"package": {"ecosystem": "npm", "name": "left"},
     "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.3"}]}]},
    {"package": {"ecosystem": "Debian:12", "name": "node-left"}, "versions": ["1"]},
    {"package": {"ecosystem": "npm", "name": "left"}, "versions": ["3.0.0"]},
    {"ranges": [{"type": "GIT", "repo": "https://example.test/x", "events": [{"introduced": "0"}]}]}],
  "references": [{"type": "WEB", "url": "https://example.test/a"}],
  "database_specific": {"cwe_ids": ["CWE-94"]}})";

std::string refusal(std::string text) {
  auto advisory = parse_osv(ByteView(text));
  return advisory ? "accepted" : std::string(advisory.error().message());
}

std::string with_affected(const std::string& entry) {
  return R"({"id":"X-1","modified":"2026-11-20T08:30:00Z","affected":[)" + entry + "]}";
}

TEST(Osv, reads_what_the_registry_needs_and_keeps_the_rest) {
  const auto advisory = parse_osv(ByteView(kRecord));
  ASSERT_TRUE(advisory) << advisory.error().message();
  EXPECT_EQ(advisory->head.id, "GHSA-1234-5678-9abc");
  EXPECT_EQ(advisory->head.summary, "A hole");
  EXPECT_EQ(advisory->head.severity, Severity::critical);
  EXPECT_EQ(advisory->head.score, 9.8);
  EXPECT_FALSE(advisory->head.malicious);
  EXPECT_THAT(advisory->head.aliases, ElementsAre("CVE-2026-1"));
  EXPECT_EQ(rfc3339(advisory->modified), "2026-11-20T08:30:00.000Z");
  ASSERT_EQ(advisory->affected.size(), 3u) << "a repository is no package";
  EXPECT_EQ(advisory->affected[1].ecosystem, "Debian");
  EXPECT_EQ(advisory->document["x_future"]["kept"][1], 2.5);
  EXPECT_THAT(canonical_osv(*advisory), HasSubstr(R"("x_future":{"kept":[1,2.5,null]})"));
}

TEST(Osv, canonical_text_does_not_depend_on_order_or_space) {
  const auto a = parse_osv(ByteView(R"({"id":"X-1","modified":"2026-11-20T08:30:00Z","b":1.0})"));
  const auto b =
      parse_osv(ByteView(R"({ "b": 1, "modified": "2026-11-20T08:30:00Z", "id":"X-1"})"));
  ASSERT_TRUE(a && b);
  EXPECT_EQ(canonical_osv(*a), canonical_osv(*b));
}

TEST(Osv, packages_get_one_text_each_and_it_reads_back) {
  const auto advisory = parse_osv(ByteView(kRecord));
  ASSERT_TRUE(advisory);
  const auto packages = by_package(*advisory);
  ASSERT_EQ(packages.size(), 2u);
  EXPECT_EQ(packages[0].affected.size(), 2u);
  for (const auto& package : packages) {
    const auto again = parse_package_advisory(print_package_advisory(package));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, package);
  }
  EXPECT_FALSE(parse_package_advisory("{}"));
  EXPECT_FALSE(parse_package_advisory("["));
}

TEST(Osv, a_withdrawn_record_affects_nothing) {
  auto document = Json::parse(kRecord);
  document["withdrawn"] = "2026-11-21T00:00:00Z";
  const auto advisory = parse_osv(std::move(document));
  ASSERT_TRUE(advisory);
  EXPECT_TRUE(by_package(*advisory).empty());
}

TEST(Osv, malicious_records_are_known_by_id_alias_origin_or_weakness) {
  const auto malicious = [](const std::string& more) {
    const auto advisory =
        parse_osv(ByteView(R"({"id":"X-1","modified":"2026-11-20T08:30:00Z")" + more + "}"));
    return advisory && advisory->head.malicious;
  };
  EXPECT_FALSE(malicious(""));
  EXPECT_TRUE(malicious(R"(,"aliases":["MAL-2026-1"])"));
  EXPECT_TRUE(malicious(R"(,"database_specific":{"malicious-packages-origins":[]})"));
  EXPECT_TRUE(malicious(R"(,"database_specific":{"cwe_ids":["CWE-506"]})"));
  const auto named = parse_osv(ByteView(R"({"id":"MAL-1","modified":"2026-11-20T08:30:00Z"})"));
  EXPECT_TRUE(named && named->head.malicious);
}

TEST(Osv, says_where_a_record_is_wrong) {
  EXPECT_THAT(refusal("[]"), HasSubstr("must be a JSON object"));
  EXPECT_THAT(refusal("{}"), HasSubstr("id: must"));
  EXPECT_THAT(refusal(R"({"id":"../x","modified":"2026-11-20T08:30:00Z"})"), HasSubstr("id: must"));
  EXPECT_THAT(refusal(R"({"id":"X-1"})"), HasSubstr("modified: must"));
  EXPECT_THAT(refusal(R"({"id":"X-1","modified":"yesterday"})"), HasSubstr("modified: must"));
  EXPECT_THAT(refusal(R"({"id":"X-1","modified":"2026-11-20T08:30:00Z","schema_version":"2.0"})"),
              HasSubstr("schema_version"));
  EXPECT_THAT(refusal(with_affected("1")), HasSubstr("affected[0]: must"));
  EXPECT_THAT(refusal(with_affected(R"({"package":{"ecosystem":"npm"}})")),
              HasSubstr("affected[0].package.name"));
  const std::string package = R"("package":{"ecosystem":"npm","name":"a"})";
  EXPECT_THAT(refusal(with_affected("{" + package + R"(,"ranges":[{"type":"X"}]})")),
              HasSubstr("affected[0].ranges[0].type"));
  EXPECT_THAT(refusal(with_affected("{" + package + R"(,"ranges":[{"type":"SEMVER"}]})")),
              HasSubstr("affected[0].ranges[0].events"));
  EXPECT_THAT(
      refusal(with_affected("{" + package +
                            R"(,"ranges":[{"type":"SEMVER","events":[{"fixed":"1.0.0"}]}]})")),
      HasSubstr("must hold an event \"introduced\""));
  EXPECT_THAT(
      refusal(with_affected(
          "{" + package +
          R"(,"ranges":[{"type":"SEMVER","events":[{"introduced":"0","fixed":"1.0.0"}]}]})")),
      HasSubstr("affected[0].ranges[0].events[0]: must hold exactly one"));
  EXPECT_THAT(refusal(with_affected("{" + package + R"(,"versions":["1.0.0",2]})")),
              HasSubstr("affected[0].versions[1]"));
}

TEST(Osv, many_events_are_too_many) {
  std::string events = R"({"introduced":"0"})";
  for (int i = 0; i < 5000; ++i) events += R"(,{"fixed":"1.0.0"})";
  const auto advisory = parse_osv(ByteView(with_affected(
      R"({"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[)" +
      events + "]}]}")));
  ASSERT_FALSE(advisory);
  EXPECT_EQ(advisory.error().code, Code::too_large);
}

TEST(Osv, links_are_web_pages) {
  const auto url_of = [](const std::string& references) {
    const auto advisory = parse_osv(ByteView(
        R"({"id":"X-1","modified":"2026-11-20T08:30:00Z","references":)" + references + "}"));
    return advisory ? advisory->head.url : "refused";
  };
  const auto web = [](const std::string& url) {
    return R"([{"type":"WEB","url":")" + url + "\"}]";
  };
  EXPECT_EQ(url_of(web("javascript:alert(1)")), "");
  EXPECT_EQ(url_of(web("https://a.test/\\u001b[31m")), "");
  EXPECT_EQ(url_of(web("https://a.test")), "https://a.test");
  EXPECT_EQ(url_of(R"([{"type":"WEB","url":"https://a.test"},)"
                   R"({"type":"ADVISORY","url":"http://b.test"}])"),
            "http://b.test");
}

}  // namespace
}  // namespace kontor
