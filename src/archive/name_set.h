#pragma once
// A set of 64-bit name hashes for hostile input: 8 bytes a name, and no choice of names makes it
// slow (a hash table of a known function can be made to collide on purpose).
#include "base/bytes.h"

#include <cstdint>
#include <vector>

namespace kontor {

// Sorted runs whose lengths are the powers of two in the count (the logarithmic method): adding
// costs O(log^2 n) amortised, looking up O(log^2 n) always.
class NameSet {
 public:
  bool contains(std::uint64_t hash) const;
  void add(std::uint64_t hash);  // which must not be there yet
  std::size_t size() const { return hashes_.size(); }

 private:
  std::vector<std::uint64_t> hashes_;
};

}  // namespace kontor
