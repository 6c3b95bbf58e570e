// Arithmetic and paths of tiles (C2SP tlog-tiles).
#include "tlog/tile.h"

#include "tlog/decimal.h"

#include <algorithm>

namespace kontor::tlog {
namespace {

constexpr std::string_view kTileFolder = "tile/";
constexpr std::string_view kBundleFolder = "tile/entries/";

// Hashes on a tile level of a tree of `size` leaves.
std::uint64_t hashes_on(std::uint32_t level, std::uint64_t size) {
  return level < kTileLevels ? size >> (kTileHeight * level) : 0;
}

std::uint32_t width_at(std::uint64_t index, std::uint64_t hashes) {
  if (index > hashes / kTileWidth) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(hashes - index * kTileWidth, kTileWidth));
}

std::string three_digits(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(3 - digits.size(), '0') + digits;
}

std::string index_path(std::uint64_t index, std::uint32_t width) {
  std::uint64_t unit = 1;
  while (index / unit >= 1000) unit *= 1000;
  std::string path;
  for (; unit > 1; unit /= 1000) {
    path += 'x';
    path += three_digits(index / unit % 1000);
    path += '/';
  }
  path += three_digits(index % 1000);
  if (width < kTileWidth) path += ".p/" + std::to_string(width);
  return path;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes three digits off the front.
std::optional<std::uint64_t> take_group(std::string_view& text) {
  if (text.size() < 3 || !std::ranges::all_of(text.substr(0, 3), is_digit)) return std::nullopt;
  std::uint64_t group = 0;
  for (const char c : text.substr(0, 3)) group = group * 10 + static_cast<std::uint64_t>(c - '0');
  text.remove_prefix(3);
  return group;
}

// `most`: the greatest index that can be.
std::optional<std::uint64_t> take_index(std::string_view& text, std::uint64_t most) {
  std::uint64_t index = 0;
  for (bool more = true; more;) {
    more = take(text, "x");
    const auto group = take_group(text);
    if (!group || (more && !take(text, "/"))) return std::nullopt;
    if (more && index == 0 && *group == 0) return std::nullopt;  // a leading zero group
    if (*group > most || index > (most - *group) / 1000) return std::nullopt;
    index = index * 1000 + *group;
  }
  return index;
}

// What follows the index: nothing, or the width of a partial tile.
std::optional<std::uint32_t> parse_width(std::string_view text) {
  if (text.empty()) return kTileWidth;
  if (!take(text, ".p/")) return std::nullopt;
  const auto width = parse_decimal(text, kTileWidth - 1);
  if (!width || *width == 0) return std::nullopt;
  return static_cast<std::uint32_t>(*width);
}

std::optional<BundleId> parse_place(std::string_view text, std::uint32_t level) {
  const auto index = take_index(text, hashes_on(level, kMaxSize) / kTileWidth);
  if (!index) return std::nullopt;
  const auto width = parse_width(text);
  if (!width) return std::nullopt;
  return BundleId{*index, *width};
}

void add_touched(std::vector<TileId>& tiles, std::uint32_t level, std::uint64_t old_size,
                 std::uint64_t new_size) {
  const std::uint64_t before = hashes_on(level, old_size), after = hashes_on(level, new_size);
  for (std::uint64_t index = before / kTileWidth; index * kTileWidth < after && before < after;
       ++index)
    tiles.push_back({level, index, width_at(index, after)});
}

}  // namespace

std::string tile_path(const TileId& tile) {
  return std::string(kTileFolder) + std::to_string(tile.level) + "/" +
         index_path(tile.index, tile.width);
}

std::string bundle_path(const BundleId& bundle) {
  return std::string(kBundleFolder) + index_path(bundle.index, bundle.width);
}

std::optional<TileId> parse_tile_path(std::string_view path) {
  if (!take(path, kTileFolder)) return std::nullopt;
  const auto slash = path.find('/');
  if (slash == path.npos) return std::nullopt;
  const auto level = parse_decimal(path.substr(0, slash), kTileLevels - 1);
  if (!level) return std::nullopt;
  const auto number = static_cast<std::uint32_t>(*level);
  const auto place = parse_place(path.substr(slash + 1), number);
  if (!place) return std::nullopt;
  return TileId{number, place->index, place->width};
}

std::optional<BundleId> parse_bundle_path(std::string_view path) {
  if (!take(path, kBundleFolder)) return std::nullopt;
  return parse_place(path, 0);
}

std::optional<TileId> find_tile(std::uint32_t level, std::uint64_t index, std::uint64_t size) {
  const std::uint32_t width = width_at(index, hashes_on(level, size));
  if (width == 0) return std::nullopt;
  return TileId{level, index, width};
}

std::optional<BundleId> find_bundle(std::uint64_t index, std::uint64_t size) {
  const auto tile = find_tile(0, index, size);
  if (!tile) return std::nullopt;
  return BundleId{tile->index, tile->width};
}

std::vector<TileId> touched_tiles(std::uint64_t old_size, std::uint64_t new_size) {
  std::vector<TileId> tiles;
  for (std::uint32_t level = 0; level < kTileLevels; ++level)
    add_touched(tiles, level, old_size, new_size);
  return tiles;
}

std::vector<BundleId> touched_bundles(std::uint64_t old_size, std::uint64_t new_size) {
  std::vector<TileId> tiles;
  add_touched(tiles, 0, old_size, new_size);
  std::vector<BundleId> bundles;
  bundles.reserve(tiles.size());
  for (const TileId& tile : tiles) bundles.push_back({tile.index, tile.width});
  return bundles;
}

std::vector<TileId> partial_tiles(std::uint64_t size) {
  std::vector<TileId> tiles;
  for (std::uint32_t level = 0; level < kTileLevels; ++level) {
    const std::uint64_t hashes = hashes_on(level, size);
    const auto width = static_cast<std::uint32_t>(hashes % kTileWidth);
    if (width > 0) tiles.push_back({level, hashes / kTileWidth, width});
  }
  return tiles;
}

}  // namespace kontor::tlog
