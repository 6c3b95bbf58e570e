// The Merkle tree against RFC 6962's definitions and published vectors.
#include "tlog/merkle.h"

#include "tests/support/log_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

namespace kontor::tlog {
namespace {

using testing::defined_root;
using testing::LogTree;

TEST(Merkle, starts_from_the_published_root_of_nothing) {
  EXPECT_EQ(empty_root().base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(Tree().root(), empty_root());
  EXPECT_EQ(Tree().size(), 0u);
}

TEST(Merkle, gives_every_root_that_the_definition_gives) {
  const LogTree log(600);
  Tree tree;
  std::vector<Node> made;
  for (std::size_t size = 0; size <= 600; ++size) {
    EXPECT_EQ(tree.root(), defined_root(std::span(log.leaves()).first(size))) << size;
    EXPECT_EQ(log.root(size), tree.root()) << size;
    if (size < 600) tree.append(log.leaves()[size], made);
  }
}

TEST(Merkle, makes_each_complete_subtree_once_and_right) {
  const LogTree log(1000);
  Tree tree;
  std::vector<Node> made;
  for (const Hash& leaf : log.leaves()) tree.append(leaf, made);
  std::vector<NodeId> ids;
  for (const Node& node : made) {
    const auto stored = log.read(std::span(&node.id, 1));
    ASSERT_TRUE(stored.has_value()) << node.id.level << "/" << node.id.index;
    EXPECT_EQ(stored->front(), node.hash);
    ids.push_back(node.id);
  }
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
  std::size_t expected = 0;
  for (std::size_t level = 1000; level > 0; level /= 2) expected += level;
  EXPECT_EQ(ids.size(), expected);
}

TEST(Merkle, continues_from_its_right_edge) {
  const LogTree log(300);
  for (std::uint64_t size = 0; size <= 300; ++size) {
    auto tree = Tree::restore(size, *log.read(edge_nodes(size)));
    ASSERT_TRUE(tree.has_value()) << size;
    EXPECT_EQ(tree->root(), log.root(size)) << size;
    std::vector<Node> made;
    for (std::uint64_t i = size; i < 300; ++i) tree->append(log.leaves()[i], made);
    EXPECT_EQ(tree->root(), log.root(300)) << size;
  }
}

TEST(Merkle, refuses_an_edge_that_does_not_fit_the_size) {
  const Hash hash = leaf_hash("x");
  EXPECT_FALSE(Tree::restore(0, {hash}).has_value());
  EXPECT_FALSE(Tree::restore(1, {}).has_value());
  EXPECT_FALSE(Tree::restore(3, {hash}).has_value());
  EXPECT_FALSE(Tree::restore(4, {hash, hash}).has_value());
  EXPECT_FALSE(Tree::restore(std::uint64_t{1} << 63, {hash}).has_value());
  EXPECT_TRUE(Tree::restore(kMaxSize, std::vector<Hash>(63, hash)).has_value());
}

TEST(Merkle, names_the_subtrees_of_any_size) {
  EXPECT_TRUE(edge_nodes(0).empty());
  EXPECT_EQ(edge_nodes(1), (std::vector<NodeId>{{0, 0}}));
  EXPECT_EQ(edge_nodes(7), (std::vector<NodeId>{{2, 0}, {1, 2}, {0, 6}}));
  const auto greatest = edge_nodes(kMaxSize);
  ASSERT_EQ(greatest.size(), 63u);
  EXPECT_EQ(greatest.front(), (NodeId{62, 0}));
  EXPECT_EQ(greatest.back(), (NodeId{0, kMaxSize - 1}));
}

TEST(Merkle, keeps_leaves_and_nodes_apart) {
  const Hash a = leaf_hash("a"), b = leaf_hash("b");
  const Bytes pair = Bytes(a.view()) + Bytes(b.view());
  EXPECT_NE(leaf_hash(pair), node_hash(a, b));
  EXPECT_NE(node_hash(a, b), node_hash(b, a));
}

}  // namespace
}  // namespace kontor::tlog
