// Tiles grown leaf by leaf, and hashes looked up in them.
#include "tlog/tile_set.h"

#include "tests/support/log_tree.h"
#include "tlog/tile_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace kontor::tlog {
namespace {

using testing::LogTree;

// A folder of tiles as an integrator leaves it.
struct Store {
  std::map<TileId, Bytes> files;

  void put(const std::vector<TileFile>& added) {
    for (const TileFile& file : added) files[file.id] = file.bytes;
  }
  TileSet fetch(const std::vector<TileId>& tiles) const {
    TileSet set;
    for (const TileId& tile : tiles) EXPECT_TRUE(set.add(tile, files.at(tile)).has_value());
    return set;
  }
};

// MTH of section 2.1 for each place of a tile.
Bytes defined_tile(const LogTree& log, const TileId& tile) {
  const std::size_t group = std::size_t{1} << (kTileHeight * tile.level);
  Bytes bytes;
  for (std::size_t i = 0; i < tile.width; ++i)
    bytes += testing::defined_root(
                 std::span(log.leaves()).subspan((tile.index * kTileWidth + i) * group, group))
                 .view();
  return bytes;
}

TEST(TileBuilder, makes_the_tiles_of_the_definition) {
  constexpr std::uint64_t kSize = 66000;
  LogTree log(kSize);
  TileBuilder builder;
  std::vector<TileFile> files;
  for (const Hash& leaf : log.leaves()) builder.append(leaf, files);
  for (TileFile& file : builder.partial()) files.push_back(std::move(file));
  std::vector<TileId> made;
  for (const TileFile& file : files) {
    EXPECT_EQ(file.bytes, defined_tile(log, file.id)) << tile_path(file.id);
    made.push_back(file.id);
  }
  std::ranges::sort(made);
  EXPECT_EQ(made, touched_tiles(0, kSize));
  EXPECT_EQ(builder.root(), log.root(kSize));
}

TEST(TileBuilder, continues_from_the_partial_tiles_of_any_size) {
  LogTree log(1400);
  std::mt19937_64 random(1);
  for (std::uint64_t size = 0; size < 1400; size += random() % 20 + 1) {
    TileBuilder before;
    Store store;
    std::vector<TileFile> full;
    for (std::uint64_t i = 0; i < size; ++i) before.append(log.leaves()[i], full);
    std::vector<Bytes> partial;
    for (const TileFile& file : before.partial()) partial.push_back(file.bytes);

    auto after = TileBuilder::restore(size, partial);
    ASSERT_TRUE(after.has_value()) << size;
    EXPECT_EQ(after->root(), log.root(size)) << size;
    EXPECT_EQ(after->partial(), before.partial()) << size;
    std::vector<TileFile> expected, given;
    for (std::uint64_t i = size; i < 1400; ++i) {
      before.append(log.leaves()[i], expected);
      after->append(log.leaves()[i], given);
    }
    EXPECT_EQ(given, expected) << size;
    EXPECT_EQ(after->root(), log.root(1400)) << size;
  }
}

TEST(TileBuilder, refuses_tiles_that_do_not_fit_the_size) {
  const Bytes one(32, 'a'), two(64, 'a');
  EXPECT_TRUE(TileBuilder::restore(1, std::vector<Bytes>{one}).has_value());
  EXPECT_FALSE(TileBuilder::restore(1, std::vector<Bytes>{}).has_value());
  EXPECT_FALSE(TileBuilder::restore(1, std::vector<Bytes>{two}).has_value());
  EXPECT_FALSE(TileBuilder::restore(1, std::vector<Bytes>{one, one}).has_value());
  EXPECT_FALSE(TileBuilder::restore(2, std::vector<Bytes>{one}).has_value());
  EXPECT_FALSE(TileBuilder::restore(257, std::vector<Bytes>{one}).has_value());
  EXPECT_TRUE(TileBuilder::restore(257, std::vector<Bytes>{one, one}).has_value());
  EXPECT_TRUE(TileBuilder::restore(256, std::vector<Bytes>{one}).has_value());
  EXPECT_FALSE(TileBuilder::restore(kMaxSize + 1, std::vector<Bytes>{one}).has_value());
}

class Tiles : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kSize = 68000;

  Tiles() : log_(kSize) {
    TileBuilder builder;
    std::vector<TileFile> full;
    for (const Hash& leaf : log_.leaves()) builder.append(leaf, full);
    store_.put(full);
    store_.put(builder.partial());
  }

  LogTree log_;
  Store store_;
};

TEST_F(Tiles, give_the_proofs_that_all_hashes_give) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t index = random() % kSize;
    const auto plan = *plan_inclusion(index, kSize);
    const auto tiles = *tiles_for(plan.nodes, kSize);
    EXPECT_LE(tiles.size(), 6u);
    const auto set = store_.fetch(tiles);
    EXPECT_EQ(prove_inclusion(index, kSize, set), prove_inclusion(index, kSize, log_)) << index;

    const auto older = *plan_consistency(index, kSize);
    const auto needed = store_.fetch(*tiles_for(older.nodes, kSize));
    EXPECT_EQ(prove_consistency(index, kSize, needed), prove_consistency(index, kSize, log_));
  }
  const auto root = store_.fetch(*tiles_for(plan_root(kSize)->nodes, kSize));
  EXPECT_EQ(read_root(kSize, root), log_.root(kSize));
}

TEST_F(Tiles, serve_older_sizes_by_their_full_successors) {
  constexpr std::uint64_t kOlder = 600;  // its partial tile 0/002.p/88 was filled since
  const auto plan = *plan_inclusion(550, kOlder);
  TileSet set;
  for (const TileId& tile : *tiles_for(plan.nodes, kOlder))
    EXPECT_TRUE(set.add(tile, store_.files.at({tile.level, tile.index})).has_value());
  EXPECT_EQ(prove_inclusion(550, kOlder, set), prove_inclusion(550, kOlder, log_));
}

TEST_F(Tiles, that_are_missing_or_narrow_are_named) {
  const auto plan = *plan_inclusion(300, 600);
  const auto nothing = prove_inclusion(300, 600, TileSet());
  ASSERT_FALSE(nothing.has_value());
  EXPECT_EQ(nothing.error().code, Code::not_found);
  EXPECT_NE(nothing.error().detail.find("tile/0/001"), std::string::npos) << nothing.error().detail;

  TileSet narrow;
  ASSERT_TRUE(narrow.add({0, 0, 255}, Bytes(255 * 32, 'x')).has_value());
  const NodeId whole{8, 0}, last{0, 255}, half{7, 1}, quarter{6, 2};
  EXPECT_FALSE(narrow.read(std::span(&whole, 1)).has_value());
  EXPECT_FALSE(narrow.read(std::span(&last, 1)).has_value());
  EXPECT_FALSE(narrow.read(std::span(&half, 1)).has_value());
  EXPECT_TRUE(narrow.read(std::span(&quarter, 1)).has_value());
}

TEST(TileSet, refuses_bytes_that_are_no_tile) {
  TileSet set;
  EXPECT_FALSE(set.add({0, 0, 2}, Bytes(32, 'x')).has_value());
  EXPECT_FALSE(set.add({0, 0, 1}, Bytes(33, 'x')).has_value());
  EXPECT_FALSE(set.add({0, 0, 1}, Bytes(257 * 32, 'x')).has_value());
  EXPECT_FALSE(set.add({0, 0, 256}, Bytes(255 * 32, 'x')).has_value());
  EXPECT_TRUE(set.add({0, 0, 1}, Bytes(256 * 32, 'x')).has_value());
}

TEST(TileSet, asks_for_no_tile_outside_the_tree) {
  const NodeId inside{0, 599}, outside{0, 600}, high{10, 0}, absurd{63, 0}, more{70, 0};
  EXPECT_EQ(*tiles_for(std::span(&inside, 1), 600), (std::vector<TileId>{{0, 2, 88}}));
  for (const NodeId& node : {outside, high, absurd, more}) {
    EXPECT_FALSE(tiles_for(std::span(&node, 1), 600).has_value());
  }
  EXPECT_FALSE(TileSet().read(std::span(&absurd, 1)).has_value());
  EXPECT_FALSE(tiles_for(std::span(&inside, 1), kMaxSize + 1).has_value());
  EXPECT_TRUE(tiles_for({}, 600)->empty());
}

}  // namespace
}  // namespace kontor::tlog
