#pragma once
// Reads a .tgz while it streams: gzip, tar and the rules of archive_rules.h. Pure: no I/O.
#include "archive/archive_inspector.h"

#include <memory>

namespace kontor {

// Memory: about 200 KiB, what is captured, 8 to 16 bytes for each entry, and the list of files
// where one is asked for.
class TarballInspector final : public ArchiveInspector {
 public:
  explicit TarballInspector(ArchiveRequest request);
  ~TarballInspector() override;

  Result<void> feed(ByteView packed) override;
  Result<ArchiveReport> finish() override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor
