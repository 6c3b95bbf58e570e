// Hashes of complete subtrees out of tiles.
#include "tlog/tile_set.h"

#include "base/check.h"

#include <algorithm>

namespace kontor::tlog {
namespace {

// Where a node's hash comes from: the hashes [first, first + count) of a tile.
struct Place {
  std::uint32_t level = 0;
  std::uint64_t index = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

Place place_of(const NodeId& node) {
  const std::uint32_t level = node.level / kTileHeight, rise = node.level % kTileHeight;
  const std::uint64_t first = node.index << rise;
  return {level, first / kTileWidth, static_cast<std::uint32_t>(first % kTileWidth), 1u << rise};
}

bool lies_within(const NodeId& node, std::uint64_t size) {
  return node.level < 63 && node.index < size >> node.level;
}

Hash hash_at(ByteView bytes, std::size_t place) {
  return *Hash::from_bytes(bytes.substr(place * kHashBytes, kHashBytes));
}

}  // namespace

Result<std::vector<TileId>> tiles_for(std::span<const NodeId> nodes, std::uint64_t size) {
  std::vector<TileId> tiles;
  tiles.reserve(nodes.size());
  for (const NodeId& node : nodes) {
    if (size > kMaxSize || !lies_within(node, size))
      return fail(Code::bad_request, "A hash is asked for that the tree does not have.");
    const Place place = place_of(node);
    const auto tile = find_tile(place.level, place.index, size);
    check(tile.has_value(), "a subtree of the tree lies in no tile");
    tiles.push_back(*tile);
  }
  std::ranges::sort(tiles);
  const auto repeated = std::ranges::unique(tiles);
  tiles.erase(repeated.begin(), repeated.end());
  return tiles;
}

Result<void> TileSet::add(const TileId& tile, Bytes bytes) {
  if (bytes.size() % kHashBytes != 0 || bytes.size() < tile.width * kHashBytes ||
      bytes.size() > kTileWidth * kHashBytes)
    return fail(Code::bad_request,
                "The tile " + tile_path(tile) + " has " + std::to_string(bytes.size()) + " bytes.");
  tiles_[{tile.level, tile.index}] = std::move(bytes);
  return {};
}

Result<std::vector<Hash>> TileSet::read(std::span<const NodeId> nodes) const {
  std::vector<Hash> hashes;
  hashes.reserve(nodes.size());
  for (const NodeId& node : nodes) {
    const auto hash = find(node);
    if (!hash) return std::unexpected(hash.error());
    hashes.push_back(*hash);
  }
  return hashes;
}

Result<Hash> TileSet::find(const NodeId& node) const {
  if (!lies_within(node, kMaxSize))
    return fail(Code::bad_request, "A hash is asked for that no tree has.");
  const Place place = place_of(node);
  const auto tile = tiles_.find({place.level, place.index});
  const std::size_t begin = place.first * kHashBytes, length = place.count * kHashBytes;
  if (tile == tiles_.end() || tile->second.size() < begin + length)
    return fail(Code::not_found,
                "The tile " + tile_path({place.level, place.index}) + " is missing or too narrow.");
  return fold_hashes(ByteView(tile->second).substr(begin, length));
}

Hash fold_hashes(ByteView bytes) {
  std::vector<Hash> hashes(bytes.size() / kHashBytes);
  for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = hash_at(bytes, i);
  check(std::has_single_bit(hashes.size()), "a subtree is not complete");
  for (std::size_t left = hashes.size(); left > 1; left /= 2)
    for (std::size_t i = 0; i < left / 2; ++i)
      hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
  return hashes.front();
}

}  // namespace kontor::tlog
