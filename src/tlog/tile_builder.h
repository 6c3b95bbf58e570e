#pragma once
// Grows the tiles of a log in memory: leaf hashes in, bytes of tiles out. It holds the partial
// tiles only, at most 64 KiB, however large the log is.
#include "tlog/merkle.h"
#include "tlog/tile.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace kontor::tlog {

struct TileFile {
  TileId id;
  Bytes bytes;
  bool operator==(const TileFile&) const = default;
};

class TileBuilder {
 public:
  TileBuilder() = default;
  // Continues a tree of `size` leaves from the bytes of partial_tiles(size), in that order.
  // bad_request where their number or sizes do not fit. They are trusted: the caller compares
  // root() with a head it trusts.
  static Result<TileBuilder> restore(std::uint64_t size, std::span<const Bytes> partial);

  // Adds a leaf and appends to `full` the tiles it fills, lowest level first.
  void append(const Hash& leaf, std::vector<TileFile>& full);

  // The partial tiles of the present size. What append() gave since an older size, and those of
  // these that were not partial_tiles() of it, are touched_tiles(older, size()).
  std::vector<TileFile> partial() const;

  std::uint64_t size() const { return tree_.size(); }
  Hash root() const { return tree_.root(); }

 private:
  void add(const Node& node, std::vector<TileFile>& full);

  Tree tree_;
  std::array<Bytes, kTileLevels> partial_;  // below 256 hashes each
  std::vector<Node> made_;                  // scratch of append()
};

}  // namespace kontor::tlog
