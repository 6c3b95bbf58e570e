// Plans of proofs: which complete subtrees a proof is made from.
#include "tlog/proof.h"

#include <algorithm>
#include <bit>

namespace kontor::tlog {
namespace {

// The leaves [begin, end); `begin` is a multiple of the greatest power of two up to end - begin.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t width() const { return end - begin; }
  // Where RFC 6962 splits it; at least two leaves.
  std::uint64_t middle() const { return begin + std::bit_floor(width() - 1); }
};

void add_part(ProofPlan& plan, Range range) {
  const auto before = plan.nodes.size();
  for (std::uint64_t at = range.begin; at < range.end;) {
    const auto level = static_cast<std::uint32_t>(std::bit_width(range.end - at) - 1);
    plan.nodes.push_back({level, at >> level});
    at += std::uint64_t{1} << level;
  }
  plan.parts.push_back(static_cast<std::uint32_t>(plan.nodes.size() - before));
}

// `parts` were found on the way down from the root; proofs go upwards.
ProofPlan plan_of(std::vector<Range> parts) {
  std::ranges::reverse(parts);
  ProofPlan plan;
  for (const Range& part : parts) add_part(plan, part);
  return plan;
}

std::unexpected<Error> impossible() {
  return fail(Code::bad_request, "The index or the sizes do not fit a tree of the log.");
}

Result<Proof> prove(const Result<ProofPlan>& plan, const NodeReader& reader) {
  if (!plan) return std::unexpected(plan.error());
  const auto hashes = reader.read(plan->nodes);
  if (!hashes) return std::unexpected(hashes.error());
  return assemble(*plan, *hashes);
}

}  // namespace

Result<ProofPlan> plan_inclusion(std::uint64_t index, std::uint64_t size) {
  if (size > kMaxSize || index >= size) return impossible();
  std::vector<Range> parts;
  for (Range range{0, size}; range.width() > 1;) {
    const std::uint64_t middle = range.middle();
    if (index < middle) {
      parts.push_back({middle, range.end});
      range.end = middle;
    } else {
      parts.push_back({range.begin, middle});
      range.begin = middle;
    }
  }
  return plan_of(std::move(parts));
}

Result<ProofPlan> plan_consistency(std::uint64_t old_size, std::uint64_t new_size) {
  if (new_size > kMaxSize || old_size > new_size) return impossible();
  if (old_size == 0 || old_size == new_size) return ProofPlan{};
  std::vector<Range> parts;
  Range range{0, new_size};
  while (range.end != old_size) {
    const std::uint64_t middle = range.middle();
    if (old_size <= middle) {
      parts.push_back({middle, range.end});
      range.end = middle;
    } else {
      parts.push_back({range.begin, middle});
      range.begin = middle;
    }
  }
  if (range.begin != 0) parts.push_back(range);  // else it is the old tree, whose root is known
  return plan_of(std::move(parts));
}

Result<ProofPlan> plan_root(std::uint64_t size) {
  if (size > kMaxSize) return impossible();
  ProofPlan plan;
  if (size > 0) add_part(plan, {0, size});
  return plan;
}

Result<Proof> assemble(const ProofPlan& plan, std::span<const Hash> hashes) {
  if (hashes.size() != plan.nodes.size()) return impossible();
  Proof proof;
  proof.reserve(plan.parts.size());
  for (std::size_t at = 0; const std::uint32_t count : plan.parts) {
    if (count == 0 || count > hashes.size() - at) return impossible();
    const auto part = hashes.subspan(at, count);
    proof.push_back(fold_edge({part.begin(), part.end()}));
    at += count;
  }
  return proof;
}

Result<Proof> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeReader& reader) {
  return prove(plan_inclusion(index, size), reader);
}

Result<Proof> prove_consistency(std::uint64_t old_size, std::uint64_t new_size,
                                const NodeReader& reader) {
  return prove(plan_consistency(old_size, new_size), reader);
}

Result<Hash> read_root(std::uint64_t size, const NodeReader& reader) {
  if (size == 0) return empty_root();
  auto root = prove(plan_root(size), reader);
  if (!root) return fail(root);
  return root->front();
}

}  // namespace kontor::tlog
