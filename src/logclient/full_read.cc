// A second builder of the same tree, fed from the bundles.
#include "logclient/full_read.h"

#include "tlog/bundle.h"
#include "tlog/tile_builder.h"

#include "logclient/tile_fetcher.h"

#include <algorithm>

namespace kontor::logclient {
namespace {

constexpr std::size_t kMaxBundleBytes = tlog::kTileWidth * (2 + tlog::kMaxEntryBytes);

struct Bundle {
  Bytes bytes;
  std::uint32_t width = 0;  // of what the file holds
};

// A partial bundle may be gone once the full one exists.
Result<Bundle> fetch_bundle(LogSource& source, const tlog::BundleId& id) {
  auto bytes = source.read(tlog::bundle_path(id), kMaxBundleBytes);
  if (bytes) return Bundle{*std::move(bytes), id.width};
  if (bytes.error().code != Code::not_found || id.width == tlog::kTileWidth) return fail(bytes);
  auto full = source.read(tlog::bundle_path({id.index}), kMaxBundleBytes);
  if (full) return Bundle{*std::move(full), tlog::kTileWidth};
  return full.error().code == Code::not_found ? fail(bytes) : fail(full);
}

std::string hash_text(ByteView tile, std::size_t place) {
  return tlog::Hash::from_bytes(tile.substr(place * tlog::kHashBytes, tlog::kHashBytes))->base64();
}

// The first hash in which a tile differs from what the entries give.
Result<void> compare_tile(const tlog::TileFile& made, ByteView served) {
  const std::string path = tlog::tile_path(made.id);
  if (served.size() < made.bytes.size() || served.size() % tlog::kHashBytes != 0)
    return fail(Code::invalid_proof, "The tile " + path + " has " + std::to_string(served.size()) +
                                         " bytes and not " + std::to_string(made.bytes.size()) +
                                         ".");
  for (std::size_t i = 0; i < made.id.width; ++i)
    if (const auto ours = hash_text(made.bytes, i), theirs = hash_text(served, i); ours != theirs)
      return fail(Code::invalid_proof, "Hash " + std::to_string(i) + " of the tile " + path +
                                           " is " + theirs + ", but the entries give " + ours +
                                           ".");
  return {};
}

}  // namespace

Result<FullRead> LogReader::read_to(const tlog::Head& head, std::span<const tlog::Head> earlier) {
  earlier_ = earlier;
  FullRead done;
  for (std::uint64_t index = size() / tlog::kTileWidth; size() < head.size; ++index) {
    const auto bundle = tlog::find_bundle(index, head.size);
    if (!bundle) return fail(Code::internal);
    if (auto read = read_bundle(*bundle, done); !read) return fail(read);
    if (auto compared = compare(full_, done); !compared) return fail(compared);
    full_.clear();
  }
  if (auto right = check_roots(); !right) return fail(right);
  if (auto right = check_root(head); !right) return fail(right);
  if (auto compared = compare(builder_.partial(), done); !compared) return fail(compared);
  return done;
}

// The entries of a bundle that are not known yet.
Result<void> LogReader::read_bundle(const tlog::BundleId& id, FullRead& done) {
  const auto bundle = fetch_bundle(source_, id);
  if (!bundle) return std::unexpected(bundle.error());
  const auto entries = tlog::parse_bundle(bundle->bytes, bundle->width);
  if (!entries)
    return fail(Code::bad_request,
                tlog::bundle_path(id) + ": " + std::string(entries.error().message()));
  ++done.bundles;
  for (auto i = static_cast<std::uint32_t>(size() % tlog::kTileWidth); i < id.width; ++i) {
    if (auto right = check_roots(); !right) return right;
    const ByteView leaf = (*entries)[i];
    if (auto told = visitor_.entry(size(), leaf); !told) return told;
    builder_.append(tlog::leaf_hash(leaf), full_);
    ++done.entries;
  }
  return {};
}

Result<void> LogReader::compare(const std::vector<tlog::TileFile>& tiles, FullRead& done) const {
  for (const auto& tile : tiles) {
    const auto served = fetch_tile(source_, tile.id);
    if (!served) return std::unexpected(served.error());
    if (auto same = compare_tile(tile, *served); !same) return same;
    ++done.tiles;
  }
  return {};
}

// The earlier heads whose size is reached.
Result<void> LogReader::check_roots() {
  for (; !earlier_.empty() && earlier_.front().size == size(); earlier_ = earlier_.subspan(1))
    if (auto right = check_root(earlier_.front()); !right) return right;
  return {};
}

Result<void> LogReader::check_root(const tlog::Head& stated) const {
  if (stated.size == size() && stated.root == builder_.root()) return {};
  return fail(Code::invalid_proof, "The first " + std::to_string(stated.size) +
                                       " entries have the root " + builder_.root().base64() +
                                       ", but a checkpoint states " + stated.root.base64() + ".");
}

}  // namespace kontor::logclient
