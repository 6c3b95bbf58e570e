#pragma once
// Inclusion and consistency proofs (RFC 6962, sections 2.1.1 and 2.1.2). Making one is cut in two,
// since hashes may have to be fetched asynchronously: a plan names the complete subtrees it needs,
// and assemble() folds their hashes. Verification follows RFC 9162, sections 2.1.3.2 and 2.1.4.2.
#include "tlog/merkle.h"

#include <cstdint>
#include <span>
#include <vector>

namespace kontor::tlog {

using Proof = std::vector<Hash>;

// The hash at place i of the result is the root over the next parts[i] of `nodes`, which are
// neighbours from left to right.
struct ProofPlan {
  std::vector<NodeId> nodes;
  std::vector<std::uint32_t> parts;
};

// Every plan fails with bad_request where its index or sizes contradict each other.
Result<ProofPlan> plan_inclusion(std::uint64_t index, std::uint64_t size);
// Empty where the sizes are equal or the old one is 0: there is nothing to prove.
Result<ProofPlan> plan_consistency(std::uint64_t old_size, std::uint64_t new_size);
// One hash, the root of the first `size` leaves; empty for size 0.
Result<ProofPlan> plan_root(std::uint64_t size);

// `hashes` are those of plan.nodes, in that order; bad_request where their number differs.
Result<Proof> assemble(const ProofPlan& plan, std::span<const Hash> hashes);

// Where the hashes of complete subtrees come from, at once.
class NodeReader {
 public:
  virtual ~NodeReader() = default;
  // The hashes of all `nodes` in that order, or an error.
  virtual Result<std::vector<Hash>> read(std::span<const NodeId> nodes) const = 0;
};

Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeReader& reader);
Result<Proof> prove_consistency(std::uint64_t old_size, std::uint64_t new_size,
                                const NodeReader& reader);
Result<Hash> read_root(std::uint64_t size, const NodeReader& reader);

// The state of a tree, as a checkpoint states it.
struct Head {
  std::uint64_t size = 0;
  Hash root;
  bool operator==(const Head&) const = default;
};

// invalid_proof unless `proof` shows that `leaf` is entry `index` of the tree `head`. The detail
// names both roots.
Result<void> verify_inclusion(const Proof& proof, std::uint64_t index, const Hash& leaf,
                              const Head& head);
// invalid_proof unless `proof` shows that the tree `newer` begins with the tree `older`.
Result<void> verify_consistency(const Proof& proof, const Head& older, const Head& newer);

}  // namespace kontor::tlog
