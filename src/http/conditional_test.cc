// Conditional requests, ranges and negotiation as RFC 9110 has them.
#include "http/conditional.h"

#include <gtest/gtest.h>

namespace kontor::http {
namespace {

constexpr std::string_view kEtag = "\"tag\"";
constexpr std::string_view kDate = "Sat, 21 Nov 2026 12:00:00 GMT";

// "offset+length", "whole" or "none" (416).
std::string chosen(std::string_view range, std::string_view if_range = {},
                   std::uint64_t size = 100) {
  const auto r = choose_range(range, if_range, kEtag, *parse_http_date(kDate), size);
  if (!r) return r.error().code == Code::invalid_range ? "none" : "error";
  if (!*r) return "whole";
  return std::to_string((*r)->offset) + "+" + std::to_string((*r)->length);
}

TEST(Range, is_first_to_last_from_first_on_or_the_last_bytes) {
  EXPECT_EQ(chosen("bytes=0-9"), "0+10");
  EXPECT_EQ(chosen("Bytes=5-5"), "5+1");
  EXPECT_EQ(chosen("bytes=90-"), "90+10");
  EXPECT_EQ(chosen("bytes=-7"), "93+7");
  EXPECT_EQ(chosen("bytes= 1 - 2 "), "1+2");
}

TEST(Range, ends_with_the_file_however_large_its_numbers) {
  EXPECT_EQ(chosen("bytes=90-1000"), "90+10");
  EXPECT_EQ(chosen("bytes=0-99999999999999999999999999"), "0+100");
  EXPECT_EQ(chosen("bytes=-99999999999999999999999999"), "0+100");
  EXPECT_EQ(chosen("bytes=100-"), "none");
  EXPECT_EQ(chosen("bytes=99999999999999999999999999-"), "none");
  EXPECT_EQ(chosen("bytes=-0"), "none");
  EXPECT_EQ(chosen("bytes=0-", {}, 0), "none");
  EXPECT_EQ(chosen("bytes=-1", {}, 0), "none");
}

TEST(Range, that_is_several_or_not_understood_means_the_whole) {
  for (const auto* range : {"", "lines=0-9", "bytes=0-1,4-5", "bytes=5-1", "bytes=a-b",
                            "bytes=", "bytes=-", "bytes=1", "bytes=+1-2", "bytes=0x1-2"})
    EXPECT_EQ(chosen(range), "whole") << range;
}

TEST(Range, counts_only_for_the_representation_that_if_range_names) {
  EXPECT_EQ(chosen("bytes=0-9", kEtag), "0+10");
  EXPECT_EQ(chosen("bytes=0-9", kDate), "0+10");
  for (const auto* other : {"\"other\"", "W/\"tag\"", "Sat, 21 Nov 2026 12:00:01 GMT",
                            "Sat, 21 Nov 2026 11:59:59 GMT", "nonsense"})
    EXPECT_EQ(chosen("bytes=0-9", other), "whole") << other;
  EXPECT_EQ(chosen("bytes=100-", "\"other\""), "whole");
}

TEST(NotModified, compares_etags_weakly_and_dates_only_without_them) {
  const Timestamp changed = *parse_http_date(kDate);
  for (const auto* same : {"\"tag\"", "W/\"tag\"", "\"x\", \"tag\"", "*", "\"x\" ,W/\"tag\""})
    EXPECT_TRUE(not_modified(same, {}, kEtag, changed)) << same;
  for (const auto* other : {"\"x\"", "tag", "\"tag"})
    EXPECT_FALSE(not_modified(other, kDate, kEtag, changed)) << other;
  EXPECT_TRUE(not_modified({}, kDate, kEtag, changed));
  EXPECT_TRUE(not_modified({}, "Sat, 21 Nov 2026 12:00:01 GMT", kEtag, changed));
  EXPECT_FALSE(not_modified({}, "Sat, 21 Nov 2026 11:59:59 GMT", kEtag, changed));
  EXPECT_FALSE(not_modified({}, "yesterday", kEtag, changed));
}

TEST(Encoding, is_taken_where_it_is_named_or_starred_and_not_refused) {
  for (const auto* header : {"gzip", "deflate, GZIP;q=0.1", "*", "br, *;q=0.5"})
    EXPECT_TRUE(accepts_encoding(header, "gzip")) << header;
  for (const auto* header : {"", "identity", "gzip;q=0", "gzip;q=0.000, *", "x-gzip", "*;q=0"})
    EXPECT_FALSE(accepts_encoding(header, "gzip")) << header;
}

TEST(Accept, prefers_the_most_exact_element) {
  EXPECT_EQ(accept_quality("", "text/html"), 1000);
  EXPECT_EQ(accept_quality("*/*", "text/html"), 1000);
  EXPECT_EQ(accept_quality("text/*;q=0.5, */*;q=0.1", "text/html"), 500);
  EXPECT_EQ(accept_quality("text/*, Text/HTML;level=1;q=0.25", "text/html"), 250);
  EXPECT_EQ(accept_quality("application/json", "text/html"), 0);
  EXPECT_EQ(accept_quality("text/html;q=0", "text/html"), 0);
}

}  // namespace
}  // namespace kontor::http
