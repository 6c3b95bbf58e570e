#pragma once
// StoreAudit on SQLite. On a store opened for reading only, rebuild_derived() is refused and
// unreferenced() judges by what has been committed.
#include "adapters/sqlite/session.h"
#include "ports/store_audit.h"

namespace kontor::sqlite {

class StoreAudit final : public kontor::StoreAudit {
 public:
  explicit StoreAudit(Session& session) : session_(session) {}
  Task<std::vector<Sha256>> unreferenced(std::vector<Sha256> digests) override;
  Task<std::vector<StoreFault>> check() override;
  Task<> rebuild_derived() override;

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
