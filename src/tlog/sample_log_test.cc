// The sample log of 1,000 entries in tests/data/tlog, which independent verifiers accept: made here
// from nothing, byte for byte.
#include "base/sha256.h"
#include "base/sha512.h"
#include "tests/support/data_file.h"
#include "tests/support/sodium_ed25519.h"
#include "tlog/bundle.h"
#include "tlog/leaf.h"
#include "tlog/tile_builder.h"
#include "tlog/tile_set.h"
#include "tlog/tlog_proof.h"

#include <gtest/gtest.h>

#include <map>

namespace kontor::tlog {
namespace {

using kontor::testing::read_data;
using testing::Signer;
using testing::SodiumEd25519;

constexpr std::uint64_t kSize = 1000;

std::string sample(const std::string& path) {
  return read_data("tlog/sample-log/" + path);
}

// The entry that the sample has at `index`.
Leaf sample_leaf(std::uint64_t index) {
  const std::string number = std::to_string(index), artifact = "artifact " + number;
  return {PublishEvent{
              {"npm", "@demo/pkg-" + std::to_string(index % 7)},
              "1.0." + number,
              {artifact.size(), sha256(artifact), sha512(artifact), sha256("manifest " + number)}},
          {Account("acct_01hzsample"), {Credential::Kind::oidc, "acme/demo", "github"}},
          1760000000 + index};
}

class SampleLog : public ::testing::Test {
 protected:
  SampleLog() {
    std::vector<TileFile> files;
    for (std::uint64_t i = 0; i < kSize; ++i) {
      const Bytes leaf = *print_leaf(sample_leaf(i));
      builder_.append(leaf_hash(leaf), files);
      EXPECT_TRUE(append_entry(bundles_[i / kTileWidth], leaf).has_value());
    }
    for (TileFile& file : builder_.partial()) files.push_back(std::move(file));
    for (TileFile& file : files) tiles_[file.id] = std::move(file.bytes);
  }

  TileBuilder builder_;
  std::map<std::uint64_t, Bytes> bundles_;
  std::map<TileId, Bytes> tiles_;
  Signer log_{"registry.example/log", SignatureType::ed25519, "tlogverify sample log key"};
  Signer witness_{"witness.example/w1", SignatureType::cosignature,
                  "tlogverify sample witness key"};
  LogTrust trust_{{log_.key()}, {witness_.key()}, 1};
  SodiumEd25519 ed25519_;
};

TEST_F(SampleLog, has_our_leaf) {
  const std::string text = sample("sample.leaf");
  EXPECT_EQ(parse_leaf(text), sample_leaf(500));
  EXPECT_EQ(print_leaf(sample_leaf(500)), text);
}

TEST_F(SampleLog, has_our_tiles_and_no_others) {
  EXPECT_EQ(tiles_.size(), 5u);
  for (const auto& [id, bytes] : tiles_) EXPECT_EQ(sample(tile_path(id)), bytes) << tile_path(id);
}

TEST_F(SampleLog, has_our_entry_bundles) {
  const auto bundle = *find_bundle(3, kSize);
  const std::string bytes = sample(bundle_path(bundle));
  EXPECT_EQ(bundles_[3], bytes);
  const auto entries = parse_bundle(bytes, bundle.width);
  ASSERT_TRUE(entries.has_value());
  for (std::size_t i = 0; i < entries->size(); ++i)
    EXPECT_EQ(parse_leaf((*entries)[i]), sample_leaf(3 * kTileWidth + i));
}

TEST_F(SampleLog, has_our_keys) {
  EXPECT_EQ(print_vkey(log_.key()) + "\n", sample("log.vkey"));
  EXPECT_EQ(print_vkey(witness_.key()) + "\n", sample("witness.vkey"));
}

TEST_F(SampleLog, has_our_signed_checkpoint) {
  const std::string text = print_checkpoint({log_.key().name, {kSize, builder_.root()}, {}});
  const Note note{text, {log_.line(text), witness_.line(text, 1760003600)}};
  EXPECT_EQ(print_note(note), sample("checkpoint"));
  const auto opened = open_checkpoint(sample("checkpoint"), trust_, ed25519_);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->checkpoint.head, (Head{kSize, builder_.root()}));
  EXPECT_EQ(opened->witnessed, (std::vector<WitnessedAt>{{0, 1760003600}}));
}

TEST_F(SampleLog, has_our_proof) {
  TileSet set;
  for (const TileId& id : *tiles_for(plan_inclusion(500, kSize)->nodes, kSize))
    ASSERT_TRUE(set.add(id, sample(tile_path(id))).has_value());
  const TlogProof proof{std::nullopt, 500, *prove_inclusion(500, kSize, set), sample("checkpoint")};
  EXPECT_EQ(print_tlog_proof(proof), sample("sample.tlog-proof"));
  EXPECT_EQ(parse_tlog_proof(sample("sample.tlog-proof")), proof);
  EXPECT_TRUE(verify_tlog_proof(proof, sample("sample.leaf"), trust_, ed25519_).has_value());
  trust_.quorum = 2;
  EXPECT_FALSE(verify_tlog_proof(proof, sample("sample.leaf"), trust_, ed25519_).has_value());
}

TEST_F(SampleLog, proves_every_entry_and_every_older_log_from_its_tiles) {
  TileSet set;
  for (const auto& [id, bytes] : tiles_) ASSERT_TRUE(set.add(id, bytes).has_value());
  const Head head{kSize, builder_.root()};
  Tree older;
  std::vector<Node> made;
  for (std::uint64_t i = 0; i < kSize; ++i) {
    const auto consistent = prove_consistency(i, kSize, set);
    ASSERT_TRUE(consistent.has_value()) << i;
    EXPECT_TRUE(verify_consistency(*consistent, {i, older.root()}, head).has_value()) << i;
    const Hash leaf = leaf_hash(*print_leaf(sample_leaf(i)));
    const auto included = prove_inclusion(i, kSize, set);
    ASSERT_TRUE(included.has_value()) << i;
    EXPECT_TRUE(verify_inclusion(*included, i, leaf, head).has_value()) << i;
    older.append(leaf, made);
  }
}

}  // namespace
}  // namespace kontor::tlog
