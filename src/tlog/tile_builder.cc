// Growth of tiles.
#include "tlog/tile_builder.h"

#include "tlog/tile_set.h"

namespace kontor::tlog {

Result<TileBuilder> TileBuilder::restore(std::uint64_t size, std::span<const Bytes> partial) {
  if (size > kMaxSize) return fail(Code::bad_request, "The log is over its greatest size.");
  const auto tiles = partial_tiles(size);
  if (tiles.size() != partial.size())
    return fail(Code::bad_request, "The number of partial tiles does not fit the size of the log.");
  TileBuilder builder;
  TileSet set;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    if (partial[i].size() != tiles[i].width * kHashBytes)
      return fail(Code::bad_request, "The tile " + tile_path(tiles[i]) + " has " +
                                         std::to_string(partial[i].size()) + " bytes.");
    if (auto added = set.add(tiles[i], partial[i]); !added) return fail(added);
    builder.partial_[tiles[i].level] = partial[i];
  }
  auto edge = set.read(edge_nodes(size));
  if (!edge) return fail(edge);
  auto tree = Tree::restore(size, *std::move(edge));
  if (!tree) return fail(tree);
  builder.tree_ = *std::move(tree);
  return builder;
}

void TileBuilder::append(const Hash& leaf, std::vector<TileFile>& full) {
  made_.clear();
  tree_.append(leaf, made_);
  for (const Node& node : made_)
    if (node.id.level % kTileHeight == 0) add(node, full);
}

void TileBuilder::add(const Node& node, std::vector<TileFile>& full) {
  const std::uint32_t level = node.id.level / kTileHeight;
  Bytes& tile = partial_[level];
  tile += node.hash.view();
  if (tile.size() < kTileWidth * kHashBytes) return;
  full.push_back({{level, node.id.index / kTileWidth}, std::move(tile)});
  tile.clear();
}

std::vector<TileFile> TileBuilder::partial() const {
  std::vector<TileFile> files;
  for (const TileId& id : partial_tiles(size())) files.push_back({id, partial_[id.level]});
  return files;
}

}  // namespace kontor::tlog
