// A plan names the hashes, the hashes name the tiles: at most two a level and level group.
#include "registry/log/log_reader.h"

#include "tlog/checkpoint.h"
#include "tlog/note.h"

namespace kontor {
namespace {

// The tile, or the full one where it has grown since and the partial file is gone.
Task<Bytes> read_tile(LogFiles& files, LogId log, tlog::TileId tile) {
  auto bytes = co_await files.read(log, tlog::tile_path(tile));
  if (!bytes && tile.width < tlog::kTileWidth) {
    tile.width = tlog::kTileWidth;
    bytes = co_await files.read(log, tlog::tile_path(tile));
  }
  if (!bytes) co_return fail(Code::storage_failed, {}, "no file " + tlog::tile_path(tile));
  co_return std::move(*bytes);
}

Task<tlog::Proof> prove(LogFiles& files, LogId log, tlog::ProofPlan plan, StoredTree tree) {
  if (tree.size > tree.stored) co_return fail(Code::bad_request, "The log is not that long yet.");
  tlog::TileSet tiles;
  const auto needed = co_await tlog::tiles_for(plan.nodes, tree.size);
  for (const tlog::TileId& tile : needed) {
    const auto stored = tlog::find_tile(tile.level, tile.index, tree.stored);
    Bytes bytes = co_await read_tile(files, log, stored.value_or(tile));
    if (!tiles.add(tile, std::move(bytes)))
      co_return fail(Code::storage_failed, {}, "damaged file " + tlog::tile_path(tile));
  }
  const auto hashes = co_await tiles.read(plan.nodes);
  co_return tlog::assemble(plan, hashes);
}

}  // namespace

Task<std::optional<PublishedCheckpoint>> read_checkpoint(LogFiles& files, LogId log) {
  auto note = co_await files.read(log, "checkpoint");
  if (!note) co_return std::nullopt;
  const auto parsed = tlog::parse_note(*note);
  const auto checkpoint =
      parsed ? tlog::parse_checkpoint(parsed->text) : std::unexpected(parsed.error());
  if (!checkpoint)
    co_return fail(Code::storage_failed, {},
                   "the checkpoint of the " + std::string(to_string(log)) + " log is damaged");
  co_return PublishedCheckpoint{std::move(*note), checkpoint->head};
}

Task<tlog::Proof> inclusion_proof(LogFiles& files, LogId log, std::uint64_t index,
                                  StoredTree tree) {
  auto plan = co_await tlog::plan_inclusion(index, tree.size);
  co_return co_await prove(files, log, std::move(plan), tree);
}

Task<tlog::Proof> consistency_proof(LogFiles& files, LogId log, std::uint64_t older,
                                    StoredTree newer) {
  auto plan = co_await tlog::plan_consistency(older, newer.size);
  co_return co_await prove(files, log, std::move(plan), newer);
}

Task<tlog::Hash> root_of(LogFiles& files, LogId log, StoredTree tree) {
  if (tree.size == 0) co_return tlog::empty_root();
  auto plan = co_await tlog::plan_root(tree.size);
  const auto root = co_await prove(files, log, std::move(plan), tree);
  co_return root.at(0);
}

Task<std::optional<tlog::TlogProof>> offline_proof(LogFiles& files, LogId log,
                                                   std::uint64_t index) {
  auto checkpoint = co_await read_checkpoint(files, log);
  if (!checkpoint || index >= checkpoint->head.size) co_return std::nullopt;
  tlog::TlogProof proof;
  proof.index = index;
  proof.hashes =
      co_await inclusion_proof(files, log, index, {checkpoint->head.size, checkpoint->head.size});
  proof.checkpoint = std::move(checkpoint->note);
  co_return proof;
}

}  // namespace kontor
