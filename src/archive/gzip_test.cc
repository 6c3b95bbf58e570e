// Gzip streams in and out, whole and in pieces, honest and hostile.
#include "archive/gzip_parts.h"
#include "archive/gzip_reader.h"
#include "archive/gzip_writer.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

class Collector final : public ByteSink {
 public:
  Result<void> write(ByteView piece) override {
    largest = std::max(largest, piece.size());
    size += piece.size();
    if (size < (1u << 20)) bytes += piece;
    return {};
  }
  Bytes bytes;
  std::uint64_t size = 0;
  std::size_t largest = 0;
};

Result<Bytes> inflate(ByteView packed, std::size_t piece, const ArchiveLimits& limits = {}) {
  GzipReader reader(limits);
  Collector out;
  for (; !packed.empty(); packed.remove_prefix(std::min(piece, packed.size())))
    if (auto done = reader.feed(packed.substr(0, piece), out); !done) return fail(done);
  if (auto done = reader.finish(out); !done) return fail(done);
  EXPECT_LE(out.largest, 64u * 1024);
  return std::move(out.bytes);
}

std::string text(std::size_t size) {
  std::string out;
  for (std::uint32_t i = 1; out.size() < size; i = i * 1664525 + 1013904223)
    out += std::to_string(i);
  out.resize(size);
  return out;
}

TEST(Gzip, comes_back_as_it_was) {
  for (const std::string& bytes : {std::string(), std::string("a"), text(200'000)}) {
    for (int level : {1, 6, 9}) {
      const Bytes packed = gzip(bytes, level);
      EXPECT_EQ(gunzip(packed, bytes.size()), bytes);
      for (std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{4096}, packed.size()})
        EXPECT_EQ(inflate(packed, piece), bytes);
    }
  }
}

TEST(Gzip, is_the_same_for_the_same_bytes_and_bears_no_time) {
  const Bytes packed = gzip("abc");
  EXPECT_EQ(packed, gzip("abc"));
  EXPECT_EQ(packed.substr(0, 10), std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
}

TEST(Gzip, is_refused_when_cut_short_anywhere) {
  const Bytes packed = gzip(text(3000));
  for (std::size_t size = 0; size < packed.size(); ++size) {
    const auto answer = inflate(ByteView(packed).substr(0, size), 1000);
    ASSERT_FALSE(answer) << size;
    ASSERT_EQ(answer.error().detail, "The gzip stream is cut short.") << size;
    ASSERT_EQ(gunzip(ByteView(packed).substr(0, size), 1 << 20).error().code, Code::bad_request);
  }
}

TEST(Gzip, is_refused_when_any_checked_byte_changes) {
  const Bytes good = gzip(text(3000));
  for (std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{2}, good.size() - 1,
                         good.size() - 8, good.size() - 5}) {
    Bytes bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x40);
    const auto answer = inflate(bad, 100);
    ASSERT_FALSE(answer) << at;
    EXPECT_EQ(answer.error().code, Code::invalid_archive);
  }
}

TEST(Gzip, may_be_followed_by_zeros_only) {
  const Bytes one = gzip("abc");
  EXPECT_EQ(inflate(one + std::string(700, '\0'), 5), "abc");
  for (const Bytes& bad : {one + one, one + "x", one + std::string(9, '\0') + "x"})
    for (std::size_t piece : {1u, 5u, 100u}) {
      const auto answer = inflate(bad, piece);
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().detail, "There is data behind the end of the gzip stream.");
    }
}

TEST(Gzip, stops_at_the_packed_and_unpacked_limit) {
  const std::string bytes = text(300'000);
  const Bytes packed = gzip(bytes);
  EXPECT_TRUE(inflate(packed, 100, {.packed_bytes = packed.size(), .unpacked_bytes = 300'000}));
  for (std::size_t piece : {std::size_t{1}, std::size_t{1000}, packed.size()}) {
    const auto small = inflate(packed, piece, {.packed_bytes = packed.size() - 1});
    ASSERT_FALSE(small);
    EXPECT_EQ(small.error().code, Code::too_large);
    const auto flat = inflate(packed, piece, {.unpacked_bytes = 299'999});
    ASSERT_FALSE(flat);
    EXPECT_EQ(flat.error().detail, "The archive unpacks to more than 299999 bytes.");
  }
  EXPECT_EQ(gunzip(packed, 299'999).error().code, Code::too_large);
}

TEST(Gzip, judges_the_ratio_above_its_floor_only) {
  const Bytes bomb = gzip(std::string(4 << 20, '\0'));
  const ArchiveLimits strict{.ratio = 100, .ratio_floor = 1 << 20};
  for (std::size_t piece : {std::size_t{1}, std::size_t{10}, bomb.size()}) {
    const auto answer = inflate(bomb, piece, strict);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().detail, "The archive unpacks to more than 100 times its size.");
    EXPECT_EQ(answer.error().code, Code::too_large);
    EXPECT_TRUE(inflate(bomb, piece, {.ratio = 100, .ratio_floor = 4 << 20}));
    EXPECT_TRUE(inflate(bomb, piece, {.ratio = 2000, .ratio_floor = 0}));
  }
}

TEST(GzipParts, join_to_one_member_with_all_their_texts) {
  const std::vector<std::string> texts = {"head", "", text(70'000), text(3), text(200'000)};
  std::string whole;
  GzipJoiner joiner(0);
  for (const auto& piece : texts) {
    whole += piece;
    joiner.add(gzip_part(piece, static_cast<int>(piece.size() % 9) + 1));
  }
  const Bytes packed = std::move(joiner).finish();
  EXPECT_EQ(*inflate(packed, 1000), whole);
  EXPECT_EQ(*gunzip(packed, 1 << 20), whole);
}

TEST(GzipParts, of_nothing_join_to_an_empty_text) {
  EXPECT_EQ(*gunzip(GzipJoiner(0).finish(), 10), "");
  GzipJoiner joiner(0);
  joiner.add(gzip_part("", 1));
  EXPECT_EQ(*gunzip(std::move(joiner).finish(), 10), "");
}

}  // namespace
}  // namespace kontor
