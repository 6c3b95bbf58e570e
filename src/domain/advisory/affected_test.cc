#include "domain/advisory/affected.h"

#include "domain/semver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor {
namespace {

using Kind = OsvEvent::Kind;

std::optional<std::weak_ordering> by_semver(std::string_view a, std::string_view b) {
  const auto first = parse_version(a), second = parse_version(b);
  if (!first || !second) return std::nullopt;
  return compare(*first, *second);
}

std::vector<Affected> in_range(std::vector<OsvEvent> events) {
  return {{"npm", "a", {{OsvRange::Type::semver, std::move(events)}}, {}}};
}

bool hits(const std::vector<Affected>& affected, std::string_view version) {
  return is_affected(affected, version, by_semver);
}

TEST(Affected, from_the_introduction_up_to_the_fix) {
  const auto range = in_range({{Kind::introduced, "1.0.0"}, {Kind::fixed, "1.2.0"}});
  EXPECT_FALSE(hits(range, "0.9.9"));
  EXPECT_FALSE(hits(range, "1.0.0-rc.1"));
  EXPECT_TRUE(hits(range, "1.0.0"));
  EXPECT_TRUE(hits(range, "1.2.0-rc.1")) << "comes before the fix";
  EXPECT_FALSE(hits(range, "1.2.0"));
  EXPECT_EQ(fixed_version(range, "1.0.0", by_semver), "1.2.0");
  EXPECT_EQ(fixed_version(range, "1.2.0", by_semver), std::nullopt);
}

TEST(Affected, the_last_affected_version_is_affected) {
  const auto range = in_range({{Kind::introduced, "0"}, {Kind::last_affected, "1.2.0"}});
  EXPECT_TRUE(hits(range, "0.0.0-0"));
  EXPECT_TRUE(hits(range, "1.2.0"));
  EXPECT_FALSE(hits(range, "1.2.1-0"));
  EXPECT_EQ(fixed_version(range, "1.0.0", by_semver), std::nullopt);
}

TEST(Affected, events_count_in_order_of_versions_not_of_writing) {
  const auto range = in_range({{Kind::fixed, "3.1.0"},
                               {Kind::introduced, "3.0.0"},
                               {Kind::fixed, "1.1.0"},
                               {Kind::introduced, "0"}});
  for (const auto* version : {"0.1.0", "1.0.9", "3.0.0", "3.0.9"})
    EXPECT_TRUE(hits(range, version));
  for (const auto* version : {"1.1.0", "2.9.9", "3.1.0"}) EXPECT_FALSE(hits(range, version));
  EXPECT_EQ(fixed_version(range, "0.1.0", by_semver), "1.1.0");
  EXPECT_EQ(fixed_version(range, "3.0.0", by_semver), "3.1.0");
}

TEST(Affected, a_fix_that_another_entry_affects_is_none) {
  auto affected = in_range({{Kind::introduced, "0"}, {Kind::fixed, "1.1.0"}});
  affected.push_back({"npm", "a", {}, {"1.1.0"}});
  affected.push_back(in_range({{Kind::introduced, "1.1.0"}, {Kind::fixed, "1.1.2"}})[0]);
  EXPECT_TRUE(hits(affected, "1.1.0"));
  EXPECT_EQ(fixed_version(affected, "1.0.0", by_semver), "1.1.2");
}

TEST(Affected, listed_versions_are_meant_whatever_their_build) {
  const std::vector<Affected> listed = {{"npm", "a", {}, {"1.0.0+5", "not a version"}}};
  EXPECT_TRUE(hits(listed, "1.0.0"));
  EXPECT_TRUE(hits(listed, "not a version"));
  EXPECT_FALSE(hits(listed, "1.0.1"));
}

TEST(Affected, what_cannot_be_ordered_is_in_no_range) {
  const auto range = in_range({{Kind::introduced, "0"}});
  EXPECT_FALSE(hits(range, "one"));
  const auto odd = in_range({{Kind::introduced, "0"}, {Kind::fixed, "one"}});
  EXPECT_FALSE(hits(odd, "1.0.0"));
  EXPECT_EQ(unordered_version(odd, by_semver), "ranges[0].events[1]");
  EXPECT_EQ(unordered_version(range, by_semver), std::nullopt);
  auto commits = in_range({{Kind::introduced, "0"}});
  commits[0].ranges[0].type = OsvRange::Type::git;
  EXPECT_FALSE(hits(commits, "1.0.0"));
}

}  // namespace
}  // namespace kontor
