#pragma once
// Hashes of a log's tree, out of tiles that are fetched when they are asked for.
#include "tlog/tile_set.h"

#include "logclient/log_source.h"

#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace kontor::logclient {

// The file of a tile in a tree of the tile's width. A partial tile may be gone once the full one
// exists, which then serves; its bytes may be more than the tile is wide.
Result<Bytes> fetch_tile(LogSource& source, const tlog::TileId& tile);

// Keeps every tile it has fetched. Proofs made from it must be verified: the tiles are not.
class TileFetcher final : public tlog::NodeReader {
 public:
  // The tree has `size` leaves; the source must outlive this.
  TileFetcher(LogSource& source, std::uint64_t size) : source_(&source), size_(size) {}

  Result<std::vector<tlog::Hash>> read(std::span<const tlog::NodeId> nodes) const override;

 private:
  LogSource* source_;
  std::uint64_t size_;
  mutable std::set<tlog::TileId> fetched_;
  mutable tlog::TileSet tiles_;
};

}  // namespace kontor::logclient
