#pragma once
// Reads a ZIP archive while it streams, as TarballInspector does with a .tgz. Pure: no I/O.
#include "archive/archive_inspector.h"

#include <memory>

namespace kontor {

// Memory: about 300 KiB, 48 to 64 bytes for each entry, what is captured, and the list of files
// where one is asked for.
class ZipInspector final : public ArchiveInspector {
 public:
  explicit ZipInspector(ArchiveRequest request);
  ~ZipInspector() override;

  Result<void> feed(ByteView packed) override;
  Result<ArchiveReport> finish() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor
