#pragma once
// A log's Merkle tree with all its hashes in memory, and RFC 6962's own recursive definitions to
// compare with.
#include "tlog/proof.h"

#include <span>
#include <string>
#include <vector>

namespace kontor::tlog::testing {

class LogTree final : public NodeReader {
 public:
  // `leaves` entries "entry 0", "entry 1", ...
  explicit LogTree(std::uint64_t leaves) { grow(leaves); }
  LogTree() = default;

  void grow(std::uint64_t leaves) {
    while (size() < leaves) add(leaf_hash("entry " + std::to_string(size())));
  }
  void add(const Hash& leaf) {
    levels_[0].push_back(leaf);
    for (std::size_t level = 0; levels_[level].size() % 2 == 0; ++level) {
      if (level + 1 == levels_.size()) levels_.emplace_back();
      const auto& below = levels_[level];
      levels_[level + 1].push_back(node_hash(below[below.size() - 2], below.back()));
    }
  }

  std::uint64_t size() const { return levels_[0].size(); }
  const std::vector<Hash>& leaves() const { return levels_[0]; }
  Hash root(std::uint64_t size) const { return *read_root(size, *this); }
  Head head(std::uint64_t size) const { return {size, root(size)}; }

  Result<std::vector<Hash>> read(std::span<const NodeId> nodes) const override {
    std::vector<Hash> hashes;
    for (const NodeId& node : nodes) {
      if (node.level >= levels_.size() || node.index >= levels_[node.level].size())
        return fail(Code::not_found);
      hashes.push_back(levels_[node.level][node.index]);
    }
    return hashes;
  }

 private:
  std::vector<std::vector<Hash>> levels_{1};
};

// The greatest power of two below `n`, which is at least 2.
inline std::size_t split_of(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

// MTH(D[n]) of section 2.1.
inline Hash defined_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = split_of(leaves.size());
  return node_hash(defined_root(leaves.first(k)), defined_root(leaves.subspan(k)));
}

// PATH(m, D[n]) of section 2.1.1.
inline Proof defined_path(std::size_t m, std::span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = split_of(leaves.size());
  Proof path = m < k ? defined_path(m, leaves.first(k)) : defined_path(m - k, leaves.subspan(k));
  path.push_back(defined_root(m < k ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

// SUBPROOF(m, D[n], b) of section 2.1.2; `known` is b.
inline Proof defined_subproof(std::size_t m, std::span<const Hash> leaves, bool known) {
  if (m == leaves.size()) return known ? Proof{} : Proof{defined_root(leaves)};
  const std::size_t k = split_of(leaves.size());
  Proof proof = m <= k ? defined_subproof(m, leaves.first(k), known)
                       : defined_subproof(m - k, leaves.subspan(k), false);
  proof.push_back(defined_root(m <= k ? leaves.subspan(k) : leaves.first(k)));
  return proof;
}

}  // namespace kontor::tlog::testing
