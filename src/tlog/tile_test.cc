// Coordinates and paths of tiles.
#include "tlog/tile.h"

#include <gtest/gtest.h>

#include <map>

namespace kontor::tlog {
namespace {

struct PathCase {
  TileId tile;
  std::string path;
};

TEST(Tile, has_one_path) {
  for (const auto& [tile, path] : {
           PathCase{{0, 0, 256}, "tile/0/000"},
           {{0, 273, 112}, "tile/0/273.p/112"},
           {{1, 1, 17}, "tile/1/001.p/17"},
           {{2, 0, 1}, "tile/2/000.p/1"},
           {{0, 999, 255}, "tile/0/999.p/255"},
           {{1, 1000, 256}, "tile/1/x001/000"},
           {{0, 1234067, 256}, "tile/0/x001/x234/067"},
           {{0, 1000000, 3}, "tile/0/x001/x000/000.p/3"},
           {{7, 0, 127}, "tile/7/000.p/127"},
           {{0, kMaxSize / 256, 255}, "tile/0/x036/x028/x797/x018/x963/967.p/255"},
       }) {
    EXPECT_EQ(tile_path(tile), path);
    EXPECT_EQ(parse_tile_path(path), tile) << path;
    EXPECT_FALSE(parse_bundle_path(path).has_value()) << path;
  }
  EXPECT_EQ(bundle_path({1234067, 9}), "tile/entries/x001/x234/067.p/9");
  EXPECT_EQ(parse_bundle_path("tile/entries/x001/x234/067.p/9"), (BundleId{1234067, 9}));
  EXPECT_EQ(parse_bundle_path("tile/entries/003"), (BundleId{3, 256}));
}

TEST(Tile, refuses_every_other_spelling) {
  for (const char* place : {"",
                            "0",
                            "00",
                            "0000",
                            "x000/000",
                            "x000/001",
                            "x001",
                            "x001/",
                            "x001/1",
                            "x001/x000",
                            "001/000",
                            "x1/000",
                            "X001/000",
                            "x001/x000/x000",
                            "000.p",
                            "000.p/",
                            "000.p/0",
                            "000.p/01",
                            "000.p/256",
                            "000.p/-1",
                            "000.p/1/",
                            "000.p/1 ",
                            "000.P/1",
                            "000/",
                            "000/..",
                            "+01",
                            " 00",
                            "00a",
                            "000.p/x1",
                            "000.p/99999999999999999999",
                            "/000",
                            "x001//000",
                            "x036/x028/x797/x018/x963/968",
                            "x999/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_FALSE(parse_tile_path("tile/0/" + std::string(place)).has_value()) << place;
    EXPECT_FALSE(parse_bundle_path("tile/entries/" + std::string(place)).has_value()) << place;
  }
  for (const char* path : {"", "tile", "tile/", "tile/0", "tile//000", "tile/00/000", "tile/8/000",
                           "tile/63/000", "tile/-1/000", "tile/7/001", "tile/a/000", "/tile/0/000",
                           "tile/entries", "tile/entries/", "tile/0/000\n", "Tile/0/000"}) {
    EXPECT_FALSE(parse_tile_path(path).has_value()) << path;
    EXPECT_FALSE(parse_bundle_path(path).has_value()) << path;
  }
  EXPECT_FALSE(parse_tile_path(std::string_view("tile/0/000\0", 11)).has_value());
}

// The example of C2SP tlog-tiles, "Partial tiles".
TEST(Tile, divides_the_published_example) {
  constexpr std::uint64_t kSize = 70000;
  EXPECT_EQ(find_tile(0, 272, kSize), (TileId{0, 272, 256}));
  EXPECT_EQ(find_tile(0, 273, kSize), (TileId{0, 273, 112}));
  EXPECT_EQ(find_tile(0, 274, kSize), std::nullopt);
  EXPECT_EQ(find_tile(1, 0, kSize), (TileId{1, 0, 256}));
  EXPECT_EQ(find_tile(1, 1, kSize), (TileId{1, 1, 17}));
  EXPECT_EQ(find_tile(2, 0, kSize), (TileId{2, 0, 1}));
  EXPECT_EQ(find_tile(2, 1, kSize), std::nullopt);
  EXPECT_EQ(find_tile(3, 0, kSize), std::nullopt);
  EXPECT_EQ(find_tile(70, 0, kSize), std::nullopt);
  EXPECT_EQ(partial_tiles(kSize), (std::vector<TileId>{{0, 273, 112}, {1, 1, 17}, {2, 0, 1}}));
  EXPECT_EQ(partial_tiles(256), (std::vector<TileId>{{1, 0, 1}}));
  EXPECT_EQ(find_tile(0, 0, 256), (TileId{0, 0, 256}));
  EXPECT_EQ(find_tile(0, 1, 256), std::nullopt);
  EXPECT_EQ(find_tile(0, 0, 0), std::nullopt);
  EXPECT_TRUE(partial_tiles(0).empty());
  EXPECT_EQ(find_bundle(273, kSize), (BundleId{273, 112}));
  EXPECT_EQ(find_bundle(274, kSize), std::nullopt);
  EXPECT_EQ(find_bundle(std::uint64_t{1} << 60, kSize), std::nullopt);
}

using Widths = std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint32_t>;

// All tiles of a tree, found one by one.
Widths widths_at(std::uint64_t size) {
  Widths widths;
  for (std::uint32_t level = 0; level < kTileLevels; ++level)
    for (std::uint64_t index = 0; const auto tile = find_tile(level, index, size); ++index)
      widths[{level, index}] = tile->width;
  return widths;
}

TEST(Tile, is_touched_exactly_where_growth_changes_it) {
  for (const std::uint64_t older : {0, 1, 255, 256, 257, 511, 512, 65535, 65536, 65537, 69999})
    for (const std::uint64_t growth : {0, 1, 2, 254, 255, 256, 257, 1000, 66000}) {
      const Widths before = widths_at(older);
      std::vector<TileId> expected;
      for (const auto& [place, width] : widths_at(older + growth)) {
        const auto old = before.find(place);
        if (old == before.end() || old->second != width)
          expected.push_back({place.first, place.second, width});
      }
      EXPECT_EQ(touched_tiles(older, older + growth), expected) << older << " + " << growth;
      std::vector<BundleId> bundles;
      for (const TileId& tile : expected)
        if (tile.level == 0) bundles.push_back({tile.index, tile.width});
      EXPECT_EQ(touched_bundles(older, older + growth), bundles) << older << " + " << growth;
    }
  EXPECT_TRUE(touched_tiles(5, 4).empty());
  EXPECT_EQ(touched_tiles(kMaxSize - 1, kMaxSize).size(), 1u);
}

}  // namespace
}  // namespace kontor::tlog
