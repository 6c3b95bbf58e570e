#pragma once
// What servers have counted together, as rows.
#include "adapters/sqlite/session.h"
#include "ports/rate_store.h"

namespace kontor::sqlite {

class RateStore final : public kontor::RateStore {
 public:
  explicit RateStore(Session& session) : session_(session) {}

  Task<std::vector<RateState>> add(std::vector<RateUse> uses, Timestamp now) override;
  Task<std::uint64_t> forget_whole(Timestamp now, std::uint32_t limit) override;

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
