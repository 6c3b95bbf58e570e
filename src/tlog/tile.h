#pragma once
// Tiles of C2SP tlog-tiles: which files hold the hashes and entries of a log, and their paths.
// Below the prefix of a log:
//
//     checkpoint
//     tile/<level>/<index>[.p/<width>]     hashes: 256 of 32 bytes, fewer in a partial tile
//     tile/entries/<index>[.p/<width>]     entries: bundle.h
//
// The hash at place i of tile (level, index) is the root over 256^level leaves, the
// (256*index+i)-th such group. An index is written in groups of three digits, all but the last led
// by x: 1234067 is x001/x234/067.
#include "tlog/merkle.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::tlog {

inline constexpr std::uint32_t kTileWidth = 256;
inline constexpr std::uint32_t kTileHeight = 8;  // levels of the tree between two tile levels
inline constexpr std::uint32_t kTileLevels = 8;  // tile levels that a tree up to kMaxSize has
inline constexpr std::size_t kHashBytes = 32;

struct TileId {
  std::uint32_t level = 0;
  std::uint64_t index = 0;
  std::uint32_t width = kTileWidth;  // 1 to 256; below 256 the tile is partial
  auto operator<=>(const TileId&) const = default;
};

// The entries that belong to the hashes of tile (0, index).
struct BundleId {
  std::uint64_t index = 0;
  std::uint32_t width = kTileWidth;
  auto operator<=>(const BundleId&) const = default;
};

std::string tile_path(const TileId& tile);
std::string bundle_path(const BundleId& bundle);
// Nothing where `path` is not the one spelling of a tile that a log up to kMaxSize can have.
std::optional<TileId> parse_tile_path(std::string_view path);
std::optional<BundleId> parse_bundle_path(std::string_view path);

// That tile as a tree of `size` leaves has it: full, partial or not at all.
std::optional<TileId> find_tile(std::uint32_t level, std::uint64_t index, std::uint64_t size);
std::optional<BundleId> find_bundle(std::uint64_t index, std::uint64_t size);

// Every tile whose bytes differ or are new when the tree grows from `old_size` to `new_size`, with
// its width at the new size; by level, then index. Nothing where the tree does not grow. There is
// one for each 255 new leaves or so: callers bound the growth.
std::vector<TileId> touched_tiles(std::uint64_t old_size, std::uint64_t new_size);
std::vector<BundleId> touched_bundles(std::uint64_t old_size, std::uint64_t new_size);

// The partial tiles of a tree of `size` leaves, lowest level first; at most one a level.
std::vector<TileId> partial_tiles(std::uint64_t size);

}  // namespace kontor::tlog
