#pragma once
// The Merkle tree of RFC 6962, section 2.1: its hashes, and a tree that grows by one leaf at a time
// and keeps nothing but its right edge (at most 63 hashes).
#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"

#include <bit>
#include <compare>
#include <cstdint>
#include <vector>

namespace kontor::tlog {

using Hash = Sha256;

// Sizes and indexes stay below 2^63, so that every reader can hold them in a signed integer.
inline constexpr std::uint64_t kMaxSize = (std::uint64_t{1} << 63) - 1;

Hash leaf_hash(ByteView entry);
Hash node_hash(const Hash& left, const Hash& right);
Hash empty_root();  // of a tree without leaves

// A complete subtree: the leaves [index * 2^level, (index + 1) * 2^level).
struct NodeId {
  std::uint32_t level = 0;
  std::uint64_t index = 0;
  auto operator<=>(const NodeId&) const = default;
};

struct Node {
  NodeId id;
  Hash hash;
};

// The complete subtrees of which a tree of `size` leaves consists, largest first: one for each set
// bit of `size`.
std::vector<NodeId> edge_nodes(std::uint64_t size);

// The root over neighbouring subtrees, given from left to right as edge_nodes() lists them; the
// empty root where there is none.
Hash fold_edge(const std::vector<Hash>& edge);

class Tree {
 public:
  Tree() = default;
  // A tree of `size` leaves; `edge` holds the hashes of edge_nodes(size). bad_request where their
  // number does not fit or the size is over kMaxSize.
  static Result<Tree> restore(std::uint64_t size, std::vector<Hash> edge);

  // Adds a leaf and appends to `made` every subtree that it completes, the leaf itself first.
  // At most kMaxSize leaves may be added.
  void append(const Hash& leaf, std::vector<Node>& made);

  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& edge() const { return edge_; }
  Hash root() const { return fold_edge(edge_); }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> edge_;
};

}  // namespace kontor::tlog
