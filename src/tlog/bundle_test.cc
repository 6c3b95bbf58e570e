// Entry bundles.
#include "tlog/bundle.h"

#include <gtest/gtest.h>

namespace kontor::tlog {
namespace {

TEST(Bundle, keeps_entries_of_every_length) {
  const std::vector<Bytes> entries = {
      "", "a", Bytes(255, 'b'), Bytes(256, 'c'), Bytes(65535, 'd'), Bytes("\0\1\2", 3)};
  Bytes bundle;
  for (const Bytes& entry : entries) ASSERT_TRUE(append_entry(bundle, entry).has_value());
  const auto parsed = parse_bundle(bundle, 6);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(std::vector<Bytes>(parsed->begin(), parsed->end()), entries);
}

TEST(Bundle, writes_lengths_as_published) {
  Bytes bundle;
  ASSERT_TRUE(append_entry(bundle, Bytes(403, 'x')).has_value());
  EXPECT_EQ(bundle.substr(0, 3), "\x01\x93x");
  EXPECT_EQ(bundle.size(), 405u);
}

TEST(Bundle, refuses_an_entry_that_is_too_long) {
  Bytes bundle = "before";
  const auto added = append_entry(bundle, Bytes(65536, 'x'));
  ASSERT_FALSE(added.has_value());
  EXPECT_EQ(added.error().code, Code::too_large);
  EXPECT_EQ(bundle, "before");
}

TEST(Bundle, has_exactly_its_width) {
  Bytes bundle;
  for (int i = 0; i < 256; ++i) ASSERT_TRUE(append_entry(bundle, "entry").has_value());
  EXPECT_TRUE(parse_bundle(bundle, 256).has_value());
  EXPECT_FALSE(parse_bundle(bundle, 255).has_value());
  EXPECT_FALSE(parse_bundle(bundle, 257).has_value());
  EXPECT_FALSE(parse_bundle(bundle, 0).has_value());
  EXPECT_FALSE(parse_bundle("", 0).has_value());
  EXPECT_FALSE(parse_bundle("", 1).has_value());
  for (std::size_t cut = 0; cut < 7; ++cut)
    EXPECT_FALSE(
        parse_bundle(ByteView(bundle).substr(0, bundle.size() - 7 + cut), 256).has_value());
  EXPECT_FALSE(parse_bundle(bundle + "x", 256).has_value());
}

}  // namespace
}  // namespace kontor::tlog
