#pragma once
// Reads an archive while it streams: every rule and limit is applied, the totals are counted, and
// the few small files that were asked for are kept. Pure: no I/O.
#include "base/bytes.h"
#include "base/error.h"
#include "domain/archive_report.h"

#include <memory>

namespace kontor {

// After an error it may only be destroyed.
class ArchiveInspector {
 public:
  virtual ~ArchiveInspector() = default;
  // The next packed bytes, in pieces of any size. Fails with invalid_archive (detail names the file
  // and the rule) or too_large (names the limit).
  virtual Result<void> feed(ByteView packed) = 0;
  // Once, after the last piece: fails where the archive is cut short.
  virtual Result<ArchiveReport> finish() = 0;
};

// The one for the form that is asked for.
std::unique_ptr<ArchiveInspector> make_inspector(ArchiveRequest request);

}  // namespace kontor
