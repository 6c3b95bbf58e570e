// Tiles on demand.
#include "logclient/tile_fetcher.h"

namespace kontor::logclient {

Result<Bytes> fetch_tile(LogSource& source, const tlog::TileId& tile) {
  constexpr std::size_t kMost = tlog::kTileWidth * tlog::kHashBytes;
  auto bytes = source.read(tlog::tile_path(tile), kMost);
  if (bytes || bytes.error().code != Code::not_found || tile.width == tlog::kTileWidth)
    return bytes;
  auto full = source.read(tlog::tile_path({tile.level, tile.index}), kMost);
  return full || full.error().code != Code::not_found ? full : bytes;
}

Result<std::vector<tlog::Hash>> TileFetcher::read(std::span<const tlog::NodeId> nodes) const {
  const auto needed = tlog::tiles_for(nodes, size_);
  if (!needed) return std::unexpected(needed.error());
  for (const auto& tile : *needed) {
    if (fetched_.contains(tile)) continue;
    auto bytes = fetch_tile(*source_, tile);
    if (!bytes) return std::unexpected(bytes.error());
    if (auto added = tiles_.add(tile, *std::move(bytes)); !added)
      return std::unexpected(added.error());
    fetched_.insert(tile);
  }
  return tiles_.read(nodes);
}

}  // namespace kontor::logclient
