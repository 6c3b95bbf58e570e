#pragma once
// RateStore in memory.
#include "ports/rate_store.h"

#include <algorithm>
#include <map>

namespace kontor::memory {

// The rows; any number of stores may stand on them.
using RateRows = std::map<std::uint64_t, RateState>;

class RateStore final : public kontor::RateStore {
 public:
  explicit RateStore(RateRows& rows) : rows_(rows) {}

  Task<std::vector<RateState>> add(std::vector<RateUse> uses, Timestamp now) override {
    if (uses.size() > 65'536) co_return fail(Code::too_large, {}, "too many uses at once");
    std::vector<RateState> out;
    for (const auto& use : uses) {
      auto& state = rows_[use.key];
      state = std::max(state, now.ms * 1000) + use.cost;
      out.push_back(state);
    }
    co_return out;
  }
  Task<std::uint64_t> forget_whole(Timestamp now, std::uint32_t limit) override {
    std::uint64_t forgotten = 0;
    for (auto it = rows_.begin(); it != rows_.end() && forgotten < limit;) {
      const bool whole = it->second <= now.ms * 1000;
      it = whole ? rows_.erase(it) : std::next(it);
      forgotten += whole;
    }
    co_return forgotten;
  }

 private:
  RateRows& rows_;
};

}  // namespace kontor::memory
