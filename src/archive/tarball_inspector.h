#pragma once
// Reads a .tgz while it streams: every rule of archive_rules.h and every limit is applied, the
// totals are counted, and the few small files that the caller asked for are kept. Pure: no I/O.
#include "base/bytes.h"
#include "base/error.h"
#include "domain/archive_report.h"

#include <memory>

namespace kontor {

// Memory: about 200 KiB, what is captured, 8 to 16 bytes for each entry, and the list of files where
// one is asked for.
// After an error the inspector may only be destroyed.
class TarballInspector {
 public:
  explicit TarballInspector(ArchiveRequest request);
  TarballInspector(TarballInspector&&) noexcept;
  TarballInspector& operator=(TarballInspector&&) noexcept;
  ~TarballInspector();

  // The next compressed bytes, in pieces of any size. Fails with invalid_archive (detail names the
  // file and the rule) or too_large (names the limit).
  Result<void> feed(ByteView packed);

  // Once, after the last piece: fails where the archive is cut short.
  Result<TarballReport> finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor
