// The published vectors of RFC 6962 trees, line by line (tests/data/tlog/rfc6962-vectors.txt).
#include "tests/support/data_file.h"
#include "tests/support/log_tree.h"
#include "tlog/tile.h"

#include <gtest/gtest.h>

#include <sstream>

namespace kontor::tlog {
namespace {

using testing::LogTree;

// The words of a line, so that a test reads one as it is printed.
std::istringstream words_of(const std::string& line) {
  std::string text = line;
  for (char& c : text)
    if (std::string_view("[]=:{}").contains(c)) c = ' ';
  return std::istringstream(text);
}

class Vectors : public ::testing::Test {
 protected:
  // Calls check(words) for each line that starts with `start`, at least `least` of them.
  template <class Check>
  void for_lines(const std::string& start, std::size_t least, Check check) {
    std::istringstream text(kontor::testing::read_data("tlog/rfc6962-vectors.txt"));
    std::size_t found = 0;
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with(start)) continue;
      ++found;
      auto words = words_of(line.substr(start.size()));
      SCOPED_TRACE(line.substr(0, 60));
      check(words);
    }
    EXPECT_GE(found, least);
  }

  // The tree over the eight leaves of the vectors.
  LogTree published_tree() {
    LogTree log;
    for_lines("leaf[", 8, [&](std::istream& words) {
      std::string index, hex, name, hash, root_name, size, root;
      words >> index >> hex >> name >> hash >> root_name >> size >> root;
      const auto entry = from_hex(hex.substr(1, hex.size() - 2));
      ASSERT_TRUE(entry.has_value());
      EXPECT_EQ(leaf_hash(*entry).hex(), hash);
      log.add(leaf_hash(*entry));
      EXPECT_EQ(std::to_string(log.size()), size);
      EXPECT_EQ(log.root(log.size()).hex(), root);
    });
    return log;
  }
};

Proof proof_of(std::istream& words) {
  Proof proof;
  for (std::string hex; words >> hex;) proof.push_back(Hash::from_hex(hex).value_or(Hash()));
  return proof;
}

TEST_F(Vectors, have_our_roots_and_leaf_hashes) {
  for_lines("root[0", 1, [](std::istream& words) {
    std::string root;
    words >> root;
    EXPECT_EQ(empty_root().hex(), root);
  });
  for_lines("leaf hash of 'hello'", 1, [](std::istream& words) {
    std::string hash;
    words >> hash;
    EXPECT_EQ(leaf_hash("hello").hex(), hash);
  });
  EXPECT_EQ(published_tree().size(), 8u);
}

TEST_F(Vectors, have_our_inclusion_proofs) {
  const LogTree log = published_tree();
  for_lines("inclusion ", 5, [&](std::istream& words) {
    std::string name;
    std::uint64_t size = 0, index = 0;
    words >> name >> size >> name >> index;
    const Proof proof = proof_of(words);
    EXPECT_EQ(prove_inclusion(index, size, log), proof);
    EXPECT_TRUE(verify_inclusion(proof, index, log.leaves()[index], log.head(size)).has_value());
  });
}

TEST_F(Vectors, have_our_consistency_proofs) {
  const LogTree log = published_tree();
  for_lines("consistency ", 3, [&](std::istream& words) {
    std::uint64_t older = 0, newer = 0;
    std::string arrow;
    words >> older >> arrow;  // "6->8"
    newer = std::stoull(arrow.substr(2));
    const Proof proof = proof_of(words);
    EXPECT_EQ(prove_consistency(older, newer, log), proof);
    EXPECT_TRUE(verify_consistency(proof, log.head(older), log.head(newer)).has_value());
  });
}

// The vectors are of the Go checksum database, whose paths name the height as well.
TEST_F(Vectors, have_our_tile_paths) {
  for_lines("{8 ", 5, [](std::istream& words) {
    TileId tile;
    std::string path;
    words >> tile.level >> tile.index >> tile.width >> path;
    const std::string ours = "tile/" + path.substr(std::string("tile/8/").size());
    EXPECT_EQ(tile_path(tile), ours);
    EXPECT_EQ(parse_tile_path(ours), tile);
  });
}

}  // namespace
}  // namespace kontor::tlog
