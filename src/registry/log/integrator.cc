// The builder and the last bundle are changed as copies and take their places when all files are
// durable: a round that failed is simply done again.
#include "registry/log/integrator.h"

#include "registry/log/log_reader.h"
#include "tlog/bundle.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

#include <algorithm>

namespace kontor {
namespace {

// The state is written like a checkpoint that nobody signs.
constexpr std::string_view kStateName = "state";

Task<tlog::Head> read_state(LogFiles& files, LogId log) {
  const auto text = co_await files.read(log, std::string(kStateName));
  if (!text) co_return tlog::Head{0, tlog::empty_root()};
  const auto state = tlog::parse_checkpoint(*text);
  if (!state || state->origin != kStateName)
    co_return fail(Code::storage_failed,
                   "The state of the " + std::string(to_string(log)) +
                       " log cannot be read; restore the folder log from a backup.");
  co_return state->head;
}

Task<Bytes> read_needed(LogFiles& files, LogId log, std::string path) {
  auto bytes = co_await files.read(log, path);
  if (!bytes)
    co_return fail(Code::storage_failed, "The " + std::string(to_string(log)) +
                                             " log has lost its file " + path +
                                             "; restore the folder log from a backup.");
  co_return std::move(*bytes);
}

std::unexpected<Error> store_too_old(LogId log, std::uint64_t rows, std::uint64_t published) {
  return fail(Code::unavailable,
              "The database is older than its " + std::string(to_string(log)) + " log: it holds " +
                  std::to_string(rows) + " entries, but " + std::to_string(published) +
                  " were published already. Going on would make a second history, which every "
                  "client takes for an attack. Restore a newer copy of the database, one that was "
                  "taken after the folders log and keys were last written.");
}

std::unexpected<Error> forked(LogId log, std::uint64_t size) {
  return fail(
      Code::unavailable,
      "The " + std::string(to_string(log)) +
          " log is not the one that was published: its "
          "first " +
          std::to_string(size) +
          " entries are others. Nothing was signed. "
          "Restore the database and the folders log and keys from one and the same backup.");
}

using KeyIds = std::vector<std::uint32_t>;

// By a name, under a note; in order of size.
KeyIds signers_of(const Bytes& note, const std::string& name) {
  KeyIds ids;
  if (const auto parsed = tlog::parse_note(note))
    for (const auto& line : parsed->signatures)
      if (line.name == name) ids.push_back(line.key_id);
  std::ranges::sort(ids);
  return ids;
}

KeyIds ids_of(const std::vector<tlog::NoteKey>& keys) {
  KeyIds ids;
  for (const auto& key : keys) ids.push_back(key.id);
  std::ranges::sort(ids);
  return ids;
}

}  // namespace

Task<std::unique_ptr<Integrator>> Integrator::open(LogParts parts, LogId log) {
  std::unique_ptr<Integrator> integrator(new Integrator(parts, log));
  co_await integrator->restore();
  co_await integrator->check_store();
  co_await integrator->check_published();
  co_return integrator;
}

Task<> Integrator::restore() {
  const tlog::Head state = co_await read_state(parts_.files, log_);
  std::vector<Bytes> partial;
  for (const tlog::TileId& tile : tlog::partial_tiles(state.size))
    partial.push_back(co_await read_needed(parts_.files, log_, tlog::tile_path(tile)));
  builder_ = co_await tlog::TileBuilder::restore(state.size, partial);
  if (builder_.root() != state.root) co_return forked(log_, state.size);
  const auto last = tlog::find_bundle(state.size / tlog::kTileWidth, state.size);
  if (last) bundle_ = co_await read_needed(parts_.files, log_, tlog::bundle_path(*last));
  co_return {};
}

// The store holds what was integrated: as many leaves, and the last ones are the same.
Task<> Integrator::check_store() {
  const std::uint64_t size = builder_.size();
  const std::uint64_t rows = co_await parts_.store.size(log_);
  if (rows < size) co_return store_too_old(log_, rows, size);
  const auto width = static_cast<std::uint32_t>(size % tlog::kTileWidth);
  const auto entries = co_await parts_.store.entries(log_, size - width, width);
  Bytes bundle;
  for (const Bytes& entry : entries) co_await tlog::append_entry(bundle, entry);
  if (bundle != bundle_) co_return forked(log_, size);
  co_return {};
}

// What was signed is a beginning of what the store holds. Heads beyond the state are judged by the
// signer, once they are integrated again.
Task<> Integrator::check_published() {
  const auto checkpoint = co_await read_checkpoint(parts_.files, log_);
  if (checkpoint) {
    published_ = checkpoint->head;
    const auto keys = co_await parts_.signer.log_keys(log_);
    signed_by_ = signers_of(checkpoint->note, keys.at(0).name);
  }
  const auto signed_head = co_await parts_.signer.signed_head(log_);
  const std::uint64_t rows = co_await parts_.store.size(log_);
  for (const auto& head : {published_, signed_head}) {
    if (!head) continue;
    if (head->size > rows) co_return store_too_old(log_, rows, head->size);
    if (head->size > builder_.size()) continue;
    const auto root = co_await root_of(parts_.files, log_, {head->size, builder_.size()});
    if (root != head->root) co_return forked(log_, head->size);
  }
  co_return {};
}

Task<> Integrator::publish() {
  while (co_await integrate()) {
  }
  co_await sign();
  co_return {};
}

Task<bool> Integrator::integrate() {
  const auto entries = co_await parts_.store.entries(log_, builder_.size(), kMaxBatch);
  if (entries.empty()) co_return false;
  tlog::TileBuilder builder = builder_;
  Bytes bundle = bundle_;
  std::vector<tlog::TileFile> tiles;
  std::vector<LogFile> files;
  for (const Bytes& entry : entries) {
    builder.append(tlog::leaf_hash(entry), tiles);
    co_await tlog::append_entry(bundle, entry);
    if (builder.size() % tlog::kTileWidth) continue;
    const auto full = builder.size() / tlog::kTileWidth - 1;
    files.push_back({tlog::bundle_path({full}), std::exchange(bundle, {})});
  }
  for (auto& tile : builder.partial()) tiles.push_back(std::move(tile));
  for (auto& tile : tiles) files.push_back({tlog::tile_path(tile.id), std::move(tile.bytes)});
  if (const auto last = tlog::find_bundle(builder.size() / tlog::kTileWidth, builder.size()))
    files.push_back({tlog::bundle_path(*last), bundle});

  co_await parts_.files.create(log_, std::move(files));
  const tlog::Checkpoint state{std::string(kStateName), {builder.size(), builder.root()}, {}};
  co_await parts_.files.replace(log_, {std::string(kStateName), tlog::print_checkpoint(state)});
  builder_ = std::move(builder);
  bundle_ = std::move(bundle);
  co_return entries.size() == kMaxBatch;
}

Task<bool> Integrator::sign() {
  const tlog::Head head{builder_.size(), builder_.root()};
  const auto signers = co_await parts_.signer.log_keys(log_);
  co_await show_key(signers.at(0));
  KeyIds keys = ids_of(signers);
  if (published_ == head && signed_by_ == keys) co_return false;
  const auto before = co_await parts_.signer.signed_head(log_);
  // A head that was signed is ahead of the files where these were lost: they catch up first.
  if (before && before->size > head.size) co_return false;
  const auto from = before ? before->size : 0;
  auto proof = co_await consistency_proof(parts_.files, log_, from, {head.size, head.size});
  Bytes signed_note = co_await parts_.signer.sign_checkpoint(log_, head, std::move(proof));
  auto note = co_await cosigned(std::move(signed_note), head);
  if (!note) co_return false;
  co_await parts_.files.replace(log_, {"checkpoint", std::move(*note)});
  const auto last = published();
  published_ = head;
  signed_by_ = std::move(keys);
  co_await drop_partials(last, head.size);
  co_return true;
}

Task<> Integrator::show_key(tlog::NoteKey key) {
  std::string vkey = tlog::print_vkey(key) + "\n";
  if (vkey == shown_key_) co_return {};
  co_await parts_.files.replace(log_, {"vkey", vkey});
  shown_key_ = std::move(vkey);
  co_return {};
}

Task<std::optional<Bytes>> Integrator::cosigned(Bytes note, tlog::Head head) {
  waits_for_.reset();
  if (!parts_.cosigner) co_return note;
  auto done = co_await whole(parts_.cosigner->cosign(
      std::move(note), head, [this, size = head.size](std::uint64_t older, std::uint64_t newer) {
        return consistency_proof(parts_.files, log_, older, {newer, size});
      }));
  if (done) co_return std::move(*done);
  waits_for_ = std::move(done.error());
  co_return std::nullopt;
}

// Partial tiles of published sizes may go when the full tile is published.
Task<> Integrator::drop_partials(std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> full;
  for (const auto& tile : tlog::touched_tiles(from, to))
    if (tile.width == tlog::kTileWidth) full.push_back(tlog::tile_path(tile));
  for (const auto& bundle : tlog::touched_bundles(from, to))
    if (bundle.width == tlog::kTileWidth) full.push_back(tlog::bundle_path(bundle));
  if (full.empty()) co_return {};
  co_return co_await whole(parts_.files.drop_partials(log_, std::move(full)));
}

}  // namespace kontor
