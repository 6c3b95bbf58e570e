#pragma once
// Which parts of a store may have changed, known without a query. The writer marks what a
// transaction touches before its COMMIT and unmarks it, with a new number, after it: a loop that
// reads the same number twice knows that nothing was committed in between, and no loop takes a
// number while two loops could still disagree about the state.
//
// Holds for one process that has the database for itself, as the lock of the data directory
// ensures.
#include "base/siphash.h"
#include "domain/ids.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace kontor::sqlite {

class ChangeStamps {
 public:
  using Place = std::uint32_t;
  static constexpr Place kEverything = 0;
  static constexpr Place kNothing = ~Place{0};

  // Packages share places; a change of one then looks like a change of the others.
  static Place of(const PackageKey& key) {
    return 1 + static_cast<Place>(siphash(key.name, static_cast<std::uint64_t>(key.format)) %
                                  kPackagePlaces);
  }

  // Rises with every change of the place, or of everything; nothing while one is under way. Any
  // thread.
  std::optional<std::uint64_t> read(Place place) const {
    const auto everything = numbers_[kEverything].load(std::memory_order_acquire);
    const auto here = numbers_[place].load(std::memory_order_acquire);
    if ((everything | here) & 1) return std::nullopt;
    return everything + here;  // none ever falls: equal sums are of equal parts
  }

  // The writer's thread, once or more for each place before COMMIT, and again after it.
  void begin(Place place) {
    if (place != kNothing) numbers_[place].fetch_or(1);
  }
  void end(Place place) {
    if (place != kNothing && (numbers_[place].load(std::memory_order_relaxed) & 1))
      numbers_[place].fetch_add(1);
  }

 private:
  static constexpr std::uint32_t kPackagePlaces = 4096;
  std::array<std::atomic<std::uint64_t>, kPackagePlaces + 1> numbers_{};  // odd: being changed
};

}  // namespace kontor::sqlite
