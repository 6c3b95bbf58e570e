// Sorted runs of hashes.
#include "archive/name_set.h"

#include <algorithm>
#include <bit>

namespace kontor {

bool NameSet::contains(std::uint64_t hash) const {
  auto run = hashes_.begin();
  for (std::size_t left = hashes_.size(); left > 0;) {
    const std::size_t length = std::bit_floor(left);
    const auto next = run + static_cast<std::ptrdiff_t>(length);
    if (std::binary_search(run, next, hash)) return true;
    run = next;
    left -= length;
  }
  return false;
}

// The new run takes in all runs shorter than itself; sorting serves as their merge.
void NameSet::add(std::uint64_t hash) {
  hashes_.push_back(hash);
  const std::size_t length = hashes_.size() & (~hashes_.size() + 1);
  std::sort(hashes_.end() - static_cast<std::ptrdiff_t>(length), hashes_.end());
}

}  // namespace kontor
