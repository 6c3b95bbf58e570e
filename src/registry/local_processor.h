#pragma once
// Inspects archives in place, while they arrive: for hosts without processes, and for those whose
// operator wants none.
#include "ports/package_processor.h"

namespace kontor {

class LocalProcessor final : public PackageProcessor {
 public:
  std::unique_ptr<ArchiveCheck> begin(ArchiveRequest request) override;
};

}  // namespace kontor
