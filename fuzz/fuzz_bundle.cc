// Entry bundles and the paths of tiles: what is accepted is written the same.
#include "base/check.h"
#include "tlog/bundle.h"
#include "tlog/tile.h"

#include <cstdint>

namespace {

using kontor::check;

void check_paths(kontor::ByteView text) {
  if (const auto tile = kontor::tlog::parse_tile_path(text)) {
    check(tile_path(*tile) == text, "the path of a tile is spelt otherwise");
    check(!kontor::tlog::parse_bundle_path(text), "a path has two meanings");
    const auto widest = kontor::tlog::find_tile(tile->level, tile->index, kontor::tlog::kMaxSize);
    check(tile->width >= 1 && tile->width <= kontor::tlog::kTileWidth, "no width");
    check(tile->index == 0 || widest.has_value(), "no log can have this tile");
  }
  if (const auto bundle = kontor::tlog::parse_bundle_path(text))
    check(bundle_path(*bundle) == text, "the path of a bundle is spelt otherwise");
}

}  // namespace

// The first byte is one less than the bundle's width.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const kontor::ByteView text(reinterpret_cast<const char*>(data), size);
  check_paths(text);
  if (text.empty()) return 0;
  const std::uint32_t width = data[0] + 1u;
  const auto entries = kontor::tlog::parse_bundle(text.substr(1), width);
  if (!entries) return 0;
  check(entries->size() == width, "another number of entries");
  kontor::Bytes bundle;
  for (const auto entry : *entries)
    check(kontor::tlog::append_entry(bundle, entry).has_value(), "an entry does not go back");
  check(bundle == text.substr(1), "a bundle is written otherwise than it was read");
  return 0;
}
