#pragma once
// The allowances of many keys in bounded memory: a table of small rows, which doubles while rows
// are full of keys that have used some of theirs. At its bound a key that finds no room takes the
// place of the one whose allowance is nearest to whole.
#include "domain/rate_limit.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace kontor {

// One thread at a time.
class RateTable {
 public:
  static constexpr std::size_t kRow = 4;  // keys

  // Room for `keys` at most, a power of two and at least kRow; 24 bytes each. Begins with one row.
  explicit RateTable(std::size_t keys);

  // `key` is a hash other than 0: what has the same one shares an allowance.
  RateDecision take(std::uint64_t key, const RateLimit& limit, Timestamp now);
  // What take() would answer, counting nothing.
  RateDecision look(std::uint64_t key, const RateLimit& limit, Timestamp now) const;

  // Tells what was admitted of each key since it was last told, in microseconds of its allowance.
  void take_uses(const std::function<void(std::uint64_t key, std::int64_t cost)>& tell);
  // What all servers together have admitted of a key; forgotten where the key is not known here.
  void merge(std::uint64_t key, RateState state);

 private:
  struct Slot {
    std::uint64_t key = 0;
    RateState state = 0;
    std::int64_t untold = 0;
  };
  using Row = std::array<Slot, kRow>;
  Row& row_of(std::uint64_t key) { return rows_[key & (rows_.size() - 1)]; }
  const Row& row_of(std::uint64_t key) const { return rows_[key & (rows_.size() - 1)]; }
  Slot& slot_of(std::uint64_t key, Timestamp now);
  void double_rows();

  std::size_t most_rows_;
  std::vector<Row> rows_{1};
};

}  // namespace kontor
