#pragma once
// Inspects uploaded archives. The bytes are hostile, so a host that can does it in a process of its
// own, without network and with little memory; others do it in place. Row ORI-20.
#include "base/bytes.h"
#include "base/task.h"
#include "domain/archive_report.h"

#include <memory>

namespace kontor {

// One archive. Destroying it at any point, also while an operation is under way, ends the
// inspection. After an error it may only be destroyed.
class ArchiveCheck {
 public:
  virtual ~ArchiveCheck() = default;
  // The next bytes of the archive; `piece` must stay valid until the task ends. Fails with
  // invalid_archive (names the file and the rule) or too_large (names the limit), here or at the
  // end: where the fault shows is the host's affair.
  virtual Task<> feed(ByteView piece) = 0;
  // Once, after the last piece. invalid_archive also where inspecting it took more time or memory
  // than any honest archive needs; unavailable where nobody could inspect it now.
  virtual Task<ArchiveReport> finish() = 0;
};

// Thread: one instance belongs to one loop.
class PackageProcessor {
 public:
  virtual ~PackageProcessor() = default;
  virtual std::unique_ptr<ArchiveCheck> begin(ArchiveRequest request) = 0;
};

}  // namespace kontor
