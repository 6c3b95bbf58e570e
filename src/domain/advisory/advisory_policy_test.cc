#include "domain/advisory/advisory_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

AdvisoryHead head(std::string id, Severity severity, bool malicious = false) {
  AdvisoryHead out;
  out.id = std::move(id);
  out.severity = severity;
  out.malicious = malicious;
  return out;
}

std::vector<AdvisoryRule> rules(std::vector<std::string> texts) {
  std::vector<AdvisoryRule> out;
  for (const auto& text : texts) out.push_back(parse_advisory_rule(text).value());
  return out;
}

TEST(AdvisoryPolicy, the_first_rule_that_fits_counts) {
  const auto set =
      rules({"GHSA/critical=block", "*/malicious=quarantine", "*/high=block", "*/*=warn"});
  EXPECT_EQ(measure_for(set, head("GHSA-1", Severity::critical)), Measure::block);
  EXPECT_EQ(measure_for(set, head("CVE-1", Severity::critical)), Measure::warn);
  EXPECT_EQ(measure_for(set, head("CVE-1", Severity::high)), Measure::block);
  EXPECT_EQ(measure_for(set, head("MAL-1", Severity::high, true)), Measure::quarantine);
}

TEST(AdvisoryPolicy, without_rules_only_malicious_packages_are_locked_away) {
  EXPECT_EQ(measure_for({}, head("X-1", Severity::critical)), Measure::warn);
  EXPECT_EQ(measure_for({}, head("X-1", Severity::unknown, true)), Measure::quarantine);
}

TEST(AdvisoryPolicy, reads_rules_and_nothing_else) {
  EXPECT_EQ(parse_advisory_rule("x_ADV/low=quarantine"),
            (AdvisoryRule{"x_ADV", "low", Measure::quarantine}));
  for (const auto* text : {"", "warn", "*=warn", "*/*=", "*/*=deny", "*/medium=warn",
                           "GHSA-1/*=warn", "/low=warn", "*/=warn", "*/low/x=warn"})
    EXPECT_FALSE(parse_advisory_rule(text)) << text;
}

TEST(AdvisoryPolicy, the_strongest_measure_about_a_version_counts) {
  Findings findings;
  findings["A"] = {.severity = Severity::critical, .versions = {"1.0.0", "2.0.0"}};
  findings["B"] = {.malicious = true, .measure = Measure::quarantine, .versions = {"2.0.0"}};
  EXPECT_EQ(verdict_on(findings, "1.0.0")->measure, Measure::warn);
  EXPECT_EQ(verdict_on(findings, "2.0.0")->measure, Measure::quarantine);
  EXPECT_EQ(verdict_on(findings, "2.0.0")->advisory, "B");
  EXPECT_FALSE(verdict_on(findings, "3.0.0"));
  EXPECT_THAT(advisories_of(findings, "2.0.0"), ElementsAre("B", "A"));
  EXPECT_THAT(advisories_of(findings, "3.0.0"), IsEmpty());
}

TEST(AdvisoryPolicy, findings_read_back_as_they_were_written) {
  Findings findings;
  findings["A"] = {.summary = "s \"q\"",
                   .url = "https://a.test",
                   .severity = Severity::high,
                   .versions = {"1.0.0"}};
  findings["B"] = {.malicious = true,
                   .measure = Measure::quarantine,
                   .versions = {"2.0.0"},
                   .tags = {{"latest", "2.0.0"}}};
  const auto again = parse_findings(print_findings(findings));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, findings);
  EXPECT_EQ(print_findings({}), "");
  EXPECT_TRUE(parse_findings("")->empty());
  for (const auto* text : {"[]", "x", R"({"A":1})", R"({"A":{"severity":"high"}})"})
    EXPECT_FALSE(parse_findings(text)) << text;
}

}  // namespace
}  // namespace kontor
