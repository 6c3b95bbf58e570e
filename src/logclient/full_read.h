#pragma once
// Reading a whole log: every entry is hashed, and every tile compared with what the entries give.
#include "tlog/proof.h"
#include "tlog/tile_builder.h"

#include "logclient/log_source.h"

#include <cstdint>
#include <span>

namespace kontor::logclient {

class EntryVisitor {
 public:
  virtual ~EntryVisitor() = default;
  // Called for each entry in order; an error ends the reading. The view is valid during the call.
  // Nothing is verified before read_to() has succeeded.
  virtual Result<void> entry(std::uint64_t index, ByteView leaf) = 0;
};

struct FullRead {
  std::uint64_t entries = 0;
  std::uint64_t bundles = 0;
  std::uint64_t tiles = 0;
};

// Reads a log from its first entry on, up to one head after the other.
class LogReader {
 public:
  // Both outlive the reader.
  LogReader(LogSource& source, EntryVisitor& visitor) : source_(source), visitor_(visitor) {}

  // Reads the entries that are new since the last head, tells them to the visitor, and compares:
  // all tiles that changed with the entries, the root with the head, and the roots at the sizes of
  // `earlier` (sorted by size, none larger than the head or smaller than the last one) with these.
  // invalid_proof with both hashes where one differs, bad_request for a bundle that is none, and
  // what the source says: a missing file is not_found with its path. After a failure the reader is
  // of no use any more. Memory is that of one bundle and the tree's right edge.
  Result<FullRead> read_to(const tlog::Head& head, std::span<const tlog::Head> earlier = {});

  std::uint64_t size() const { return builder_.size(); }

 private:
  Result<void> read_bundle(const tlog::BundleId& id, FullRead& done);
  Result<void> compare(const std::vector<tlog::TileFile>& tiles, FullRead& done) const;
  Result<void> check_roots();
  Result<void> check_root(const tlog::Head& stated) const;

  LogSource& source_;
  EntryVisitor& visitor_;
  tlog::TileBuilder builder_;
  std::vector<tlog::TileFile> full_;  // scratch of read_to()
  std::span<const tlog::Head> earlier_;
};

}  // namespace kontor::logclient
