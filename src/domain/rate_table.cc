// One row is looked at for each request.
#include "domain/rate_table.h"

#include <algorithm>
#include <utility>

namespace kontor {

RateTable::RateTable(std::size_t keys) : most_rows_(std::max<std::size_t>(1, keys / kRow)) {}

RateTable::Slot& RateTable::slot_of(std::uint64_t key, Timestamp now) {
  for (;; double_rows()) {
    auto& row = row_of(key);
    const auto found = std::ranges::find(row, key, &Slot::key);
    if (found != row.end()) return *found;
    auto& slot = *std::ranges::min_element(row, {}, &Slot::state);
    if (slot.state > now.ms * 1000 && rows_.size() < most_rows_) continue;
    slot = {key, 0, 0};
    return slot;
  }
}

// The keys of a row part by one more bit of theirs, so that each finds its place.
void RateTable::double_rows() {
  const std::size_t before = rows_.size();
  rows_.resize(2 * before);
  for (std::size_t at = 0; at < before; ++at)
    for (std::size_t i = 0; i < kRow; ++i)
      if ((rows_[at][i].key & before) != 0) std::swap(rows_[at][i], rows_[at + before][i]);
}

RateDecision RateTable::take(std::uint64_t key, const RateLimit& limit, Timestamp now) {
  Slot& slot = slot_of(key, now);
  const RateState before = std::max(slot.state, now.ms * 1000);
  const auto decision = admit_request(slot.state, limit, now);
  if (decision.allowed && !limit.off()) slot.untold += std::max<RateState>(0, slot.state - before);
  return decision;
}

RateDecision RateTable::look(std::uint64_t key, const RateLimit& limit, Timestamp now) const {
  const auto& row = row_of(key);
  const auto found = std::ranges::find(row, key, &Slot::key);
  RateState state = found == row.end() ? 0 : found->state;
  return admit_request(state, limit, now);
}

void RateTable::take_uses(const std::function<void(std::uint64_t, std::int64_t)>& tell) {
  for (auto& row : rows_)
    for (auto& slot : row)
      if (slot.untold > 0) tell(slot.key, std::exchange(slot.untold, 0));
}

void RateTable::merge(std::uint64_t key, RateState state) {
  auto& row = row_of(key);
  const auto found = std::ranges::find(row, key, &Slot::key);
  if (found == row.end()) return;
  // What came in meanwhile is not in the store yet.
  found->state = std::max(found->state, state + found->untold);
}

}  // namespace kontor
