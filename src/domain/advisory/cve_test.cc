#include "domain/advisory/cve.h"

#include "domain/advisory/osv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor {
namespace {

using testing::HasSubstr;

Json cve(const Json& product, const char* state = "PUBLISHED") {
  return {{"dataType", "CVE_RECORD"},
          {"dataVersion", "5.1"},
          {"cveMetadata",
           {{"cveId", "CVE-2026-1234"},
            {"state", state},
            {"datePublished", "2026-01-02T03:04:05"},
            {"dateUpdated", "2026-02-03T04:05:06.000Z"}}},
          {"containers",
           {{"cna",
             {{"title", "A hole"},
              {"descriptions", {{{"lang", "en"}, {"value", "Long."}}}},
              {"affected", Json::array({product})},
              {"metrics",
               {{{"cvssV3_1",
                  {{"vectorString", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
                   {"baseSeverity", "CRITICAL"}}}}}},
              {"problemTypes", {{{"descriptions", {{{"cweId", "CWE-79"}}}}}}},
              {"references", {{{"url", "https://example.test/x"}}}}}}}}};
}

Json product(const Json& versions, const char* status = "unaffected") {
  return {
      {"packageURL", "pkg:npm/%40acme/left"}, {"versions", versions}, {"defaultStatus", status}};
}

// What a record becomes, read as any other OSV record.
Advisory mapped(const Json& record) {
  auto osv = osv_of_cve(record);
  EXPECT_TRUE(osv) << osv.error().message();
  auto advisory = parse_osv(osv ? std::move(*osv) : Json());
  EXPECT_TRUE(advisory) << advisory.error().message();
  return advisory ? std::move(*advisory) : Advisory();
}

using Kind = OsvEvent::Kind;
using Events = std::vector<OsvEvent>;

Events events_of(const Json& entry, const char* status = "unaffected") {
  const auto advisory = mapped(cve(product(Json::array({entry}), status)));
  if (advisory.affected.size() != 1 || advisory.affected[0].ranges.size() != 1) return {};
  return advisory.affected[0].ranges[0].events;
}

TEST(Cve, becomes_an_osv_record_that_keeps_the_whole) {
  const auto advisory =
      mapped(cve(product({{{"version", "1.0.0"}, {"status", "affected"}, {"lessThan", "1.2.0"}}})));
  EXPECT_EQ(advisory.head.id, "CVE-2026-1234");
  EXPECT_EQ(advisory.head.summary, "A hole");
  EXPECT_EQ(advisory.head.severity, Severity::critical);
  EXPECT_EQ(advisory.head.score, 9.8);
  EXPECT_EQ(advisory.head.url, "https://example.test/x");
  EXPECT_EQ(advisory.head.cwes, std::vector<std::string>{"CWE-79"});
  EXPECT_EQ(rfc3339(advisory.modified), "2026-02-03T04:05:06.000Z");
  ASSERT_EQ(advisory.affected.size(), 1u);
  EXPECT_EQ(advisory.affected[0].ecosystem, "npm");
  EXPECT_EQ(advisory.affected[0].name, "@acme/left");
  EXPECT_EQ(advisory.document["database_specific"]["cve"]["cveMetadata"]["state"], "PUBLISHED");
  EXPECT_TRUE(mapped(cve(product(Json::array()), "REJECTED")).withdrawn);
}

TEST(Cve, versions_become_events) {
  const Events between = {{Kind::introduced, "1.0.0"}, {Kind::fixed, "1.2.0"}};
  EXPECT_EQ(events_of({{"version", "1.0.0"}, {"status", "affected"}, {"lessThan", "1.2.0"}}),
            between);
  EXPECT_EQ(events_of({{"version", ">= 1.0.0, < 1.2.0"}, {"status", "affected"}}), between);
  EXPECT_EQ(events_of({{"version", "1.0.0"},
                       {"status", "affected"},
                       {"changes", {{{"at", "1.2.0"}, {"status", "unaffected"}}}}}),
            between);
  EXPECT_EQ(events_of({{"version", "<= 1.2.0"}, {"status", "affected"}}),
            (Events{{Kind::introduced, "0"}, {Kind::last_affected, "1.2.0"}}));
  EXPECT_EQ(
      events_of({{"version", "unspecified"}, {"status", "affected"}, {"lessThanOrEqual", "2.0.0"}}),
      (Events{{Kind::introduced, "0"}, {Kind::last_affected, "2.0.0"}}));
  EXPECT_EQ(events_of({{"version", "0"}, {"status", "affected"}, {"lessThan", "*"}}),
            (Events{{Kind::introduced, "0"}}));
  EXPECT_EQ(
      events_of({{"version", "2.0.0"}, {"status", "unaffected"}, {"lessThan", "*"}}, "affected"),
      (Events{{Kind::introduced, "0"}, {Kind::fixed, "2.0.0"}}));
}

TEST(Cve, single_versions_are_listed_and_others_left_out) {
  const auto advisory =
      mapped(cve(product({{{"version", "1.0.0"}, {"status", "affected"}},
                          {{"version", "= 2.0.0"}, {"status", "affected"}},
                          {{"version", "3.0.0"}, {"status", "unaffected"}},
                          {{"version", "abc"}, {"status", "affected"}, {"versionType", "git"}}})));
  ASSERT_EQ(advisory.affected.size(), 1u);
  EXPECT_EQ(advisory.affected[0].versions, (std::vector<std::string>{"1.0.0", "2.0.0"}));
  EXPECT_TRUE(advisory.affected[0].ranges.empty());
}

TEST(Cve, products_that_are_no_packages_affect_nothing) {
  EXPECT_TRUE(mapped(cve({{"vendor", "acme"}, {"product", "left"}, {"versions", Json::array()}}))
                  .affected.empty());
}

TEST(Cve, says_where_a_record_is_wrong) {
  const auto refusal = [](const Json& record) {
    const auto osv = osv_of_cve(record);
    return osv ? "accepted" : std::string(osv.error().message());
  };
  auto record = cve(product(Json::array()));
  record["cveMetadata"]["cveId"] = "X";
  EXPECT_THAT(refusal(record), HasSubstr("cveMetadata.cveId"));
  EXPECT_THAT(refusal(cve(product(Json::array()), "RESERVED")), HasSubstr("cveMetadata.state"));
  record = cve(product(Json::array()));
  record["dataVersion"] = "4.0";
  EXPECT_THAT(refusal(record), HasSubstr("dataVersion"));
  EXPECT_THAT(refusal(cve(product(Json::array({1})))), HasSubstr("affected[0].versions[0]"));
  EXPECT_TRUE(is_cve_record(record));
  EXPECT_FALSE(is_cve_record(Json{{"id", "GHSA-1"}}));
}

}  // namespace
}  // namespace kontor
