// Hashes and growth of the Merkle tree (RFC 6962, section 2.1).
#include "tlog/merkle.h"

#include "base/check.h"
#include "base/sha256.h"

namespace kontor::tlog {

Hash leaf_hash(ByteView entry) {
  Sha256Hash hash;
  hash.update(ByteView("\0", 1));
  hash.update(entry);
  return hash.finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  Sha256Hash hash;
  hash.update("\1");
  hash.update(left.view());
  hash.update(right.view());
  return hash.finish();
}

Hash empty_root() {
  return sha256({});
}

std::vector<NodeId> edge_nodes(std::uint64_t size) {
  std::vector<NodeId> nodes;
  nodes.reserve(static_cast<std::size_t>(std::popcount(size)));
  for (std::uint64_t left = size; left > 0;) {
    const auto level = static_cast<std::uint32_t>(std::bit_width(left) - 1);
    const std::uint64_t width = std::uint64_t{1} << level;
    nodes.push_back({level, (size - left) >> level});
    left -= width;
  }
  return nodes;
}

Hash fold_edge(const std::vector<Hash>& edge) {
  if (edge.empty()) return empty_root();
  Hash root = edge.back();
  for (std::size_t i = edge.size() - 1; i-- > 0;) root = node_hash(edge[i], root);
  return root;
}

Result<Tree> Tree::restore(std::uint64_t size, std::vector<Hash> edge) {
  if (size > kMaxSize || edge.size() != static_cast<std::size_t>(std::popcount(size)))
    return fail(Code::bad_request, "The right edge of the tree does not fit its size.");
  Tree tree;
  tree.size_ = size;
  tree.edge_ = std::move(edge);
  return tree;
}

void Tree::append(const Hash& leaf, std::vector<Node>& made) {
  check(size_ < kMaxSize, "a tree grew over its greatest size");
  made.push_back({{0, size_}, leaf});
  Hash hash = leaf;
  NodeId id{0, size_};
  for (; id.index % 2 == 1; made.push_back({id, hash})) {
    hash = node_hash(edge_.back(), hash);
    edge_.pop_back();
    id = {id.level + 1, id.index / 2};
  }
  edge_.push_back(hash);
  ++size_;
}

}  // namespace kontor::tlog
