// Entry bundles (C2SP tlog-tiles, "Log entries").
#include "tlog/bundle.h"

#include "tlog/tile.h"

namespace kontor::tlog {
namespace {

std::unexpected<Error> broken() {
  return fail(Code::bad_request, "The entry bundle does not hold the entries its name tells.");
}

}  // namespace

Result<void> append_entry(Bytes& bundle, ByteView entry) {
  if (entry.size() > kMaxEntryBytes)
    return fail(Code::too_large, "An entry of the log may have 65,535 bytes.");
  bundle += static_cast<char>(entry.size() >> 8);
  bundle += static_cast<char>(entry.size() & 255);
  bundle += entry;
  return {};
}

Result<std::vector<ByteView>> parse_bundle(ByteView bundle, std::uint32_t width) {
  if (width == 0 || width > kTileWidth) return broken();
  std::vector<ByteView> entries;
  entries.reserve(width);
  for (; entries.size() < width; bundle.remove_prefix(entries.back().size())) {
    if (bundle.size() < 2) return broken();
    const std::size_t length = static_cast<std::size_t>(static_cast<unsigned char>(bundle[0]))
                                   << 8 |
                               static_cast<unsigned char>(bundle[1]);
    bundle.remove_prefix(2);
    if (bundle.size() < length) return broken();
    entries.push_back(bundle.substr(0, length));
  }
  if (!bundle.empty()) return broken();
  return entries;
}

}  // namespace kontor::tlog
