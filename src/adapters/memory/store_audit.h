#pragma once
// StoreAudit in memory: nothing there is derived, so only references are judged.
#include "adapters/memory/database.h"
#include "ports/store_audit.h"

namespace kontor::memory {

class StoreAudit final : public kontor::StoreAudit {
 public:
  explicit StoreAudit(const Database& database) : database_(database) {}
  Task<std::vector<Sha256>> unreferenced(std::vector<Sha256> digests) override;
  Task<std::vector<StoreFault>> check() override { co_return std::vector<StoreFault>(); }
  Task<> rebuild_derived() override { co_return {}; }

 private:
  const Database& database_;
};

}  // namespace kontor::memory
