#pragma once
// Who is told of the entries that a reader finds in an archive.
#include "archive/archive_entry.h"
#include "base/bytes.h"
#include "base/error.h"

namespace kontor {

// Told of each entry in the order begin_entry, data (any number of pieces, none for an empty file),
// end_entry. An error from the sink ends the archive and is passed on.
class EntrySink {
 public:
  virtual ~EntrySink() = default;
  // Judges path and kind: readers know no rules about them.
  virtual Result<void> begin_entry(const ArchiveEntry& entry) = 0;
  virtual Result<void> data(ByteView piece) = 0;
  virtual Result<void> end_entry() = 0;
};

}  // namespace kontor
