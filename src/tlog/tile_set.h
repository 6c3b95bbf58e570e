#pragma once
// Hashes of complete subtrees out of tiles. A caller plans a proof, fetches the tiles it needs, and
// hands them over; the set then answers as a NodeReader.
//
// Tiles are taken as they are. Who fetched them from elsewhere verifies the proof made from them.
#include "tlog/proof.h"
#include "tlog/tile.h"

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace kontor::tlog {

// The tiles that hold what is needed for `nodes` in a tree of `size` leaves, sorted and each once.
// bad_request where a node lies outside that tree.
Result<std::vector<TileId>> tiles_for(std::span<const NodeId> nodes, std::uint64_t size);

class TileSet final : public NodeReader {
 public:
  // `bytes` may hold more hashes than the tile is wide: where a partial tile is gone, the full one
  // serves. bad_request where they are fewer, over 256 or cut.
  Result<void> add(const TileId& tile, Bytes bytes);

  // not_found where a tile is missing or too narrow.
  Result<std::vector<Hash>> read(std::span<const NodeId> nodes) const override;

 private:
  Result<Hash> find(const NodeId& node) const;

  std::map<std::pair<std::uint32_t, std::uint64_t>, Bytes> tiles_;  // by level and index
};

// The hash of a complete subtree over 2^n hashes of a tile, given as their bytes.
Hash fold_hashes(ByteView bytes);

}  // namespace kontor::tlog
