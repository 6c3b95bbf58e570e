// Proofs over random trees: each one made verifies, and nothing that differs by one bit does.
#include "tlog/proof.h"

#include "tests/support/log_tree.h"

#include <gtest/gtest.h>

#include <random>

namespace kontor::tlog {
namespace {

using testing::LogTree;

// Plans that any tree can be asked for, and the same one by the definition of RFC 6962.
void expect_inclusion(const LogTree& log, std::uint64_t index, std::uint64_t size) {
  SCOPED_TRACE(std::to_string(index) + " in " + std::to_string(size));
  const auto proof = prove_inclusion(index, size, log);
  ASSERT_TRUE(proof.has_value());
  EXPECT_TRUE(verify_inclusion(*proof, index, log.leaves()[index], log.head(size)).has_value());
}

void expect_consistency(const LogTree& log, std::uint64_t older, std::uint64_t newer) {
  SCOPED_TRACE(std::to_string(older) + " to " + std::to_string(newer));
  const auto proof = prove_consistency(older, newer, log);
  ASSERT_TRUE(proof.has_value());
  EXPECT_TRUE(verify_consistency(*proof, log.head(older), log.head(newer)).has_value());
}

TEST(Proof, equals_the_definition_in_every_small_tree) {
  const LogTree log(70);
  for (std::size_t size = 0; size <= 70; ++size) {
    const auto leaves = std::span(log.leaves()).first(size);
    for (std::size_t index = 0; index < size; ++index) {
      EXPECT_EQ(prove_inclusion(index, size, log), testing::defined_path(index, leaves));
      expect_inclusion(log, index, size);
    }
    for (std::size_t older = 1; older <= size; ++older)
      EXPECT_EQ(prove_consistency(older, size, log),
                testing::defined_subproof(older, leaves, true));
    for (std::size_t older = 0; older <= size; ++older) expect_consistency(log, older, size);
  }
}

TEST(Proof, verifies_in_random_trees_of_some_thousand_leaves) {
  const LogTree log(4100);
  std::mt19937_64 random(6962);
  for (int round = 0; round < 3000; ++round) {
    const std::uint64_t size = 1 + random() % 4100;
    expect_inclusion(log, random() % size, size);
    expect_consistency(log, random() % (size + 1), size);
  }
}

TEST(Proof, verifies_for_every_leaf_and_prefix_of_one_tree) {
  const LogTree log(2050);
  for (std::uint64_t i = 0; i < 2050; ++i) {
    expect_inclusion(log, i, 2050);
    expect_consistency(log, i, 2050);
  }
}

void flip(Hash& hash, std::size_t bit) {
  hash.bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
}

constexpr std::size_t kBits = 256;

// Calls refused() with each bit of each hash of `proof` flipped.
template <class Refused>
void with_flipped_bits(Proof proof, Refused refused) {
  for (Hash& hash : proof)
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      flip(hash, bit);
      EXPECT_TRUE(refused(proof)) << bit;
      flip(hash, bit);
    }
}

// Calls refused() with proofs that have hashes too many, too few or in another order.
template <class Refused>
void with_wrong_shapes(const Proof& proof, const Hash& other, Refused refused) {
  for (std::size_t i = 0; i <= proof.size(); ++i) {
    Proof longer = proof;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), other);
    EXPECT_TRUE(refused(longer)) << i;
  }
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Proof shorter = proof;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_TRUE(refused(shorter)) << i;
  }
  if (proof.size() >= 2) {
    Proof swapped = proof;
    std::swap(swapped.front(), swapped.back());
    EXPECT_TRUE(refused(swapped));
  }
}

bool is_refused(const Result<void>& verdict) {
  return !verdict && verdict.error().code == Code::invalid_proof;
}

struct Pair {
  std::uint64_t first;
  std::uint64_t size;
};

TEST(Proof, of_inclusion_is_refused_after_any_one_change) {
  const LogTree log(1000);
  for (const auto& [index, size] : {Pair{0, 1},
                                    {0, 2},
                                    {1, 2},
                                    {2, 3},
                                    {5, 8},
                                    {6, 7},
                                    {255, 256},
                                    {256, 257},
                                    {499, 1000},
                                    {999, 1000}}) {
    SCOPED_TRACE(std::to_string(index) + " in " + std::to_string(size));
    const Head head = log.head(size);
    const Hash leaf = log.leaves()[index];
    const Proof proof = *prove_inclusion(index, size, log);
    const auto refused = [&](const Proof& wrong) {
      return is_refused(verify_inclusion(wrong, index, leaf, head));
    };
    ASSERT_FALSE(refused(proof));
    with_flipped_bits(proof, refused);
    with_wrong_shapes(proof, leaf, refused);
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      Hash wrong = leaf;
      flip(wrong, bit);
      EXPECT_TRUE(is_refused(verify_inclusion(proof, index, wrong, head))) << bit;
      Head elsewhere = head;
      flip(elsewhere.root, bit);
      EXPECT_TRUE(is_refused(verify_inclusion(proof, index, leaf, elsewhere))) << bit;
    }
    for (std::uint64_t other = 0; other < size + 2; ++other)
      if (other != index) {
        EXPECT_TRUE(is_refused(verify_inclusion(proof, other, leaf, head))) << other;
      }
  }
}

TEST(Proof, of_consistency_is_refused_after_any_one_change) {
  const LogTree log(1000);
  for (const auto& [older, newer] : {Pair{1, 2},
                                     {1, 8},
                                     {2, 5},
                                     {3, 4},
                                     {6, 8},
                                     {4, 8},
                                     {7, 8},
                                     {255, 256},
                                     {256, 1000},
                                     {700, 1000}}) {
    SCOPED_TRACE(std::to_string(older) + " to " + std::to_string(newer));
    const Head from = log.head(older), to = log.head(newer);
    const Proof proof = *prove_consistency(older, newer, log);
    const auto refused = [&](const Proof& wrong) {
      return is_refused(verify_consistency(wrong, from, to));
    };
    ASSERT_FALSE(refused(proof));
    with_flipped_bits(proof, refused);
    with_wrong_shapes(proof, from.root, refused);
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      Head wrong = from;
      flip(wrong.root, bit);
      EXPECT_TRUE(is_refused(verify_consistency(proof, wrong, to))) << bit;
      wrong = to;
      flip(wrong.root, bit);
      EXPECT_TRUE(is_refused(verify_consistency(proof, from, wrong))) << bit;
    }
    EXPECT_TRUE(is_refused(verify_consistency(proof, to, from)));
  }
}

TEST(Proof, has_nothing_to_show_at_the_edges) {
  const LogTree log(5);
  const Head none{0, empty_root()}, five = log.head(5);
  EXPECT_FALSE(prove_inclusion(0, 0, log).has_value());
  EXPECT_EQ(prove_inclusion(0, 1, log), Proof{});
  EXPECT_TRUE(is_refused(verify_inclusion({}, 0, log.leaves()[0], none)));
  EXPECT_TRUE(verify_inclusion({}, 0, log.leaves()[0], log.head(1)).has_value());

  EXPECT_EQ(prove_consistency(0, 5, log), Proof{});
  EXPECT_EQ(prove_consistency(5, 5, log), Proof{});
  EXPECT_TRUE(verify_consistency({}, none, five).has_value());
  EXPECT_TRUE(verify_consistency({}, none, none).has_value());
  EXPECT_TRUE(verify_consistency({}, five, five).has_value());
  EXPECT_TRUE(is_refused(verify_consistency({five.root}, five, five)));
  EXPECT_TRUE(is_refused(verify_consistency({five.root}, none, five)));
  EXPECT_TRUE(is_refused(verify_consistency({}, {0, five.root}, five)));
  EXPECT_TRUE(is_refused(verify_consistency({}, {5, none.root}, five)));
  EXPECT_TRUE(is_refused(verify_consistency({}, five, none)));
  EXPECT_TRUE(is_refused(verify_consistency({}, log.head(4), five)));
  EXPECT_TRUE(is_refused(verify_consistency({}, log.head(3), five)));
}

TEST(Proof, names_both_roots_of_a_fork) {
  const LogTree log(8);
  LogTree fork(7);
  fork.add(leaf_hash("another"));
  const auto verdict = verify_consistency({}, log.head(8), fork.head(8));
  ASSERT_FALSE(verdict.has_value());
  EXPECT_NE(verdict.error().detail.find(log.root(8).base64()), std::string::npos);
  EXPECT_NE(verdict.error().detail.find(fork.root(8).base64()), std::string::npos);
}

TEST(Proof, plans_at_the_greatest_size) {
  constexpr std::uint64_t kOver = kMaxSize + 1;
  EXPECT_FALSE(plan_inclusion(0, kOver).has_value());
  EXPECT_FALSE(plan_consistency(1, kOver).has_value());
  EXPECT_FALSE(plan_root(kOver).has_value());
  EXPECT_FALSE(plan_consistency(2, 1).has_value());
  const auto last = plan_inclusion(kMaxSize - 1, kMaxSize);
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->parts.size(), 62u);
  const auto first = plan_inclusion(0, kMaxSize);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->parts.size(), 63u);
  EXPECT_EQ(plan_root(kMaxSize)->nodes, edge_nodes(kMaxSize));

  // The verifier ends as well, whatever the hashes are.
  EXPECT_TRUE(is_refused(
      verify_inclusion(Proof(63, empty_root()), 0, empty_root(), {kMaxSize, empty_root()})));
  EXPECT_TRUE(is_refused(verify_inclusion({}, 0, empty_root(), {kOver, empty_root()})));
  EXPECT_TRUE(is_refused(verify_consistency({}, {1, empty_root()}, {kOver, empty_root()})));
}

TEST(Proof, is_assembled_from_exactly_the_planned_hashes) {
  const LogTree log(7);
  const ProofPlan plan = *plan_inclusion(0, 7);
  auto hashes = *log.read(plan.nodes);
  ASSERT_EQ(hashes.size(), 4u);
  EXPECT_EQ(assemble(plan, hashes), prove_inclusion(0, 7, log));
  hashes.push_back(empty_root());
  EXPECT_FALSE(assemble(plan, hashes).has_value());
  hashes.resize(3);
  EXPECT_FALSE(assemble(plan, hashes).has_value());
  EXPECT_FALSE(prove_inclusion(0, 8, log).has_value()) << "the tree has seven leaves";
}

}  // namespace
}  // namespace kontor::tlog
