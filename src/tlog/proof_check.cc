// Verification of proofs, by the algorithms of RFC 9162.
#include "tlog/proof.h"

namespace kontor::tlog {
namespace {

// Climbs from a node to the root along its sibling hashes: `node` is its index on its level, `last`
// the index of that level's last node.
class Climb {
 public:
  Climb(std::uint64_t node, std::uint64_t last) : node_(node), last_(last) {}

  bool at_root() const { return last_ == 0; }
  // Whether the sibling lies to the left; the last node of a level has no sibling to its right.
  bool is_right_child() const { return node_ % 2 == 1 || node_ == last_; }
  bool is_odd() const { return node_ % 2 == 1; }
  void up() {
    node_ >>= 1;
    last_ >>= 1;
  }
  // After hashing with the sibling: a last node without a sibling rises until it is a right child.
  void up_from_pair() {
    if (is_right_child())
      while (node_ % 2 == 0 && node_ != 0) up();
    up();
  }

 private:
  std::uint64_t node_;
  std::uint64_t last_;
};

std::unexpected<Error> wrong_length() {
  return fail(Code::invalid_proof, "The proof has the wrong number of hashes for these sizes.");
}

std::unexpected<Error> wrong_root(const Hash& computed, const Hash& stated, std::uint64_t size) {
  return fail(Code::invalid_proof, "The proof leads to the root " + computed.base64() +
                                       ", but the log states " + stated.base64() + " at size " +
                                       std::to_string(size) + ".");
}

struct Roots {
  Hash older;
  Hash newer;
};

// The two roots that `proof` leads to. `first` is the root of the greatest complete subtree at the
// right edge of the older tree.
Result<Roots> climb_both(const Hash& first, std::span<const Hash> proof, std::uint64_t old_size,
                         std::uint64_t new_size) {
  Climb climb(old_size - 1, new_size - 1);
  while (climb.is_odd()) climb.up();
  Roots roots{first, first};
  for (const Hash& sibling : proof) {
    if (climb.at_root()) return wrong_length();
    if (climb.is_right_child()) {
      roots.older = node_hash(sibling, roots.older);
      roots.newer = node_hash(sibling, roots.newer);
    } else {
      roots.newer = node_hash(roots.newer, sibling);
    }
    climb.up_from_pair();
  }
  if (!climb.at_root()) return wrong_length();
  return roots;
}

// Sizes that need no hashes: equal ones, and an empty older tree.
Result<void> verify_trivial(const Proof& proof, const Head& older, const Head& newer) {
  if (!proof.empty()) return wrong_length();
  if (older.size == newer.size) {
    if (older.root != newer.root) return wrong_root(older.root, newer.root, newer.size);
    return {};
  }
  if (older.root != empty_root()) return wrong_root(empty_root(), older.root, 0);
  return {};
}

}  // namespace

Result<void> verify_inclusion(const Proof& proof, std::uint64_t index, const Hash& leaf,
                              const Head& head) {
  if (head.size > kMaxSize || index >= head.size)
    return fail(Code::invalid_proof, "Entry " + std::to_string(index) +
                                         " lies outside the tree of size " +
                                         std::to_string(head.size) + ".");
  Climb climb(index, head.size - 1);
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (climb.at_root()) return wrong_length();
    hash = climb.is_right_child() ? node_hash(sibling, hash) : node_hash(hash, sibling);
    climb.up_from_pair();
  }
  if (!climb.at_root()) return wrong_length();
  if (hash != head.root) return wrong_root(hash, head.root, head.size);
  return {};
}

Result<void> verify_consistency(const Proof& proof, const Head& older, const Head& newer) {
  if (newer.size > kMaxSize || older.size > newer.size)
    return fail(Code::invalid_proof, "The log shrank from size " + std::to_string(older.size) +
                                         " to " + std::to_string(newer.size) + ".");
  if (older.size == 0 || older.size == newer.size) return verify_trivial(proof, older, newer);

  // A complete older tree is its own greatest subtree, and its root is left out of the proof.
  const bool complete = std::has_single_bit(older.size);
  if (!complete && proof.empty()) return wrong_length();
  const Hash& first = complete ? older.root : proof.front();
  const auto roots =
      climb_both(first, std::span(proof).subspan(complete ? 0 : 1), older.size, newer.size);
  if (!roots) return std::unexpected(roots.error());
  if (roots->older != older.root) return wrong_root(roots->older, older.root, older.size);
  if (roots->newer != newer.root) return wrong_root(roots->newer, newer.root, newer.size);
  return {};
}

}  // namespace kontor::tlog
