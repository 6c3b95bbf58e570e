#pragma once
// A set of 64-bit name hashes for hostile input: 8 bytes a name, and no choice of names makes it
// slow (a hash table of a known function can be made to collide on purpose).
#include "base/bytes.h"

#include <cstdint>
#include <vector>

namespace kontor {

// FNV-1a. Two names of one archive that hash alike by accident (odds below one in a thousand
// million at 100,000 names) or by design are taken for duplicates: the uploader harms itself only.
constexpr std::uint64_t name_hash(ByteView name) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return h;
}

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
