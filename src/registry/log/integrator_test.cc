// The integrator on in-memory ports: what it publishes verifies, and no failure at any step makes
// it publish a second history.
#include "registry/log/integrator.h"

#include "adapters/memory/log_files.h"
#include "adapters/memory/log_store.h"
#include "registry/log/log_reader.h"
#include "tests/support/log_tree.h"
#include "tests/support/signed_log.h"
#include "tests/support/test_loop.h"
#include "tests/support/test_signer.h"
#include "tlog/bundle.h"
#include "tlog/signed_checkpoint.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

constexpr LogId kLog = LogId::open;

// Fails its n-th call, and every one after it, as a disk does that is gone. What a failed call has
// done by then differs: nothing, or all of it.
class BreakingFiles final : public LogFiles {
 public:
  explicit BreakingFiles(LogFiles& to) : to_(to) {}

  Task<std::optional<Bytes>> read(LogId log, std::string path) override {
    if (broken()) co_return fail(Code::storage_failed);
    co_return co_await to_.read(log, std::move(path));
  }
  Task<> create(LogId log, std::vector<LogFile> files) override {
    if (!broken()) co_return co_await whole(to_.create(log, std::move(files)));
    if (half_done) {
      files.resize(files.size() / 2);
      co_await to_.create(log, std::move(files));
    }
    co_return fail(Code::storage_failed);
  }
  Task<> replace(LogId log, LogFile file) override {
    const bool breaks = broken();
    if (!breaks || half_done) co_await to_.replace(log, std::move(file));
    if (breaks) co_return fail(Code::storage_failed);
    co_return {};
  }
  Task<> drop_partials(LogId log, std::vector<std::string> tiles) override {
    if (broken()) co_return fail(Code::storage_failed);
    co_return co_await whole(to_.drop_partials(log, std::move(tiles)));
  }

  int calls_left = 1 << 30;
  bool half_done = false;

 private:
  bool broken() { return calls_left-- <= 0; }
  LogFiles& to_;
};

class IntegratorTest : public testing::Test {
 protected:
  void commit(std::uint64_t leaves) {
    auto& log = database.logs[kLog];
    for (std::uint64_t i = 0; i < leaves; ++i)
      log.push_back({0, "entry " + std::to_string(log.size())});
    tree.grow(log.size());
  }
  Result<std::unique_ptr<Integrator>> open() {
    return loop.run(Integrator::open({store, breaking, signer}, kLog));
  }
  // A process that publishes what is committed, from its start.
  Result<void> run_once() {
    auto integrator = open();
    if (!integrator) return fail(integrator);
    return loop.run((*integrator)->publish());
  }
  // The published head, once all that a client checks has been checked.
  tlog::Head verified() {
    const auto note = files.files.at({kLog, "checkpoint"});
    const tlog::LogTrust trust{{test::TestSigner::key(kLog).key()}, {}, 0};
    const auto opened = tlog::open_checkpoint(note, trust, tlog::testing::SodiumEd25519());
    EXPECT_TRUE(opened);
    const tlog::Head head = opened->checkpoint.head;
    EXPECT_EQ(head.root, tree.root(head.size)) << head.size;
    for (const auto& seen : seen_heads) {
      EXPECT_LE(seen.size, head.size);
      const auto proof =
          loop.run(consistency_proof(files, kLog, seen.size, {head.size, head.size}));
      EXPECT_TRUE(proof && tlog::verify_consistency(*proof, seen, head)) << seen.size;
    }
    seen_heads.push_back(head);
    return head;
  }
  void expect_entries(std::uint64_t size) {
    for (const auto& id : tlog::touched_bundles(0, size)) {
      const Bytes& bundle = files.files.at({kLog, tlog::bundle_path(id)});
      const auto entries = tlog::parse_bundle(bundle, id.width);
      ASSERT_TRUE(entries) << id.index;
      for (std::uint64_t i = 0; i < id.width; ++i)
        EXPECT_EQ((*entries)[i], "entry " + std::to_string(id.index * 256 + i));
    }
  }

  memory::Database database;
  memory::LogStore store{database};
  memory::LogFolder files;
  BreakingFiles breaking{files};
  test::TestSigner signer;
  test::TestLoop loop;
  tlog::testing::LogTree tree;
  std::vector<tlog::Head> seen_heads;
};

TEST_F(IntegratorTest, an_empty_log_is_published) {
  ASSERT_TRUE(run_once());
  EXPECT_EQ(verified(), (tlog::Head{0, tlog::empty_root()}));
}

TEST_F(IntegratorTest, every_size_is_consistent_with_those_before_it) {
  auto integrator = open();
  ASSERT_TRUE(integrator);
  for (const std::uint64_t leaves : {1, 1, 253, 1, 1, 255, 300, 0, 5000}) {
    commit(leaves);
    ASSERT_TRUE(loop.run((*integrator)->publish()));
    EXPECT_EQ(verified().size, database.logs[kLog].size());
  }
  expect_entries(database.logs[kLog].size());
}

TEST_F(IntegratorTest, a_checkpoint_is_signed_anew_where_the_keys_are_others) {
  const auto signers = [&] {
    std::vector<std::uint32_t> ids;
    for (const auto& line : tlog::parse_note(files.files.at({kLog, "checkpoint"}))->signatures)
      ids.push_back(line.key_id);
    return ids;
  };
  const auto id = [](int number) { return test::TestSigner::key(kLog, number).key().id; };
  commit(3);
  auto integrator = open();
  ASSERT_TRUE(loop.run((*integrator)->publish()));
  ASSERT_TRUE(loop.run(signer.rotate_log_key(kLog)));
  ASSERT_TRUE(loop.run((*integrator)->publish()));
  EXPECT_EQ(signers(), (std::vector{id(1), id(0)}));
  EXPECT_EQ(verified().size, 3u);
  ASSERT_TRUE(loop.run(signer.retire_log_keys(kLog)));
  integrator = open();  // of another process, which learns from the checkpoint who signed it
  EXPECT_TRUE(*loop.run((*integrator)->sign()));
  EXPECT_EQ(signers(), (std::vector{id(1)}));
  EXPECT_FALSE(*loop.run((*integrator)->sign()));
  integrator = open();
  EXPECT_FALSE(*loop.run((*integrator)->sign()));
}

TEST_F(IntegratorTest, every_entry_has_a_proof) {
  commit(700);
  ASSERT_TRUE(run_once());
  const auto head = verified();
  for (std::uint64_t i = 0; i < 700; ++i) {
    const auto proof = loop.run(offline_proof(files, kLog, i));
    ASSERT_TRUE(proof && *proof);
    const auto leaf = tlog::leaf_hash("entry " + std::to_string(i));
    EXPECT_TRUE(tlog::verify_inclusion((*proof)->hashes, i, leaf, head)) << i;
  }
  EXPECT_FALSE(*loop.run(offline_proof(files, kLog, 700)));
}

TEST_F(IntegratorTest, older_trees_are_read_from_newer_tiles) {
  commit(300);
  ASSERT_TRUE(run_once());
  for (const std::uint64_t size : {1, 2, 255, 256, 257, 299}) {
    EXPECT_EQ(*loop.run(root_of(files, kLog, {size, 300})), tree.root(size));
    EXPECT_TRUE(loop.run(inclusion_proof(files, kLog, size - 1, {size, 300})));
  }
  EXPECT_EQ(loop.run(inclusion_proof(files, kLog, 0, {301, 300})).error().code, Code::bad_request);
}

TEST_F(IntegratorTest, a_batch_has_a_bound_and_publishing_none) {
  commit(Integrator::kMaxBatch + 10);
  auto integrator = open();
  ASSERT_TRUE(*loop.run((*integrator)->integrate()));
  EXPECT_EQ((*integrator)->integrated(), Integrator::kMaxBatch);
  ASSERT_TRUE(loop.run((*integrator)->publish()));
  EXPECT_EQ(verified().size, Integrator::kMaxBatch + 10);
}

TEST_F(IntegratorTest, partial_tiles_go_when_the_full_one_is_published) {
  commit(10);
  ASSERT_TRUE(run_once());
  EXPECT_TRUE(files.files.contains({kLog, "tile/0/000.p/10"}));
  commit(10);
  ASSERT_TRUE(run_once());
  EXPECT_TRUE(files.files.contains({kLog, "tile/0/000.p/10"}));
  commit(300);
  ASSERT_TRUE(run_once());
  EXPECT_FALSE(files.files.contains({kLog, "tile/0/000.p/10"}));
  EXPECT_FALSE(files.files.contains({kLog, "tile/entries/000.p/20"}));
  EXPECT_TRUE(files.files.contains({kLog, "tile/0/000"}));
  verified();
}

TEST_F(IntegratorTest, survives_a_failure_at_every_step) {
  for (const bool half_done : {false, true}) {
    for (int calls = 0; calls < 40; ++calls) {
      commit(97);
      breaking.half_done = half_done;
      breaking.calls_left = calls;
      (void)run_once();
      if (files.files.contains({kLog, "checkpoint"})) verified();
      breaking.calls_left = 1 << 30;
      ASSERT_TRUE(run_once()) << calls;
      EXPECT_EQ(verified().size, database.logs[kLog].size());
    }
  }
  expect_entries(database.logs[kLog].size());
}

TEST_F(IntegratorTest, the_same_integrator_goes_on_after_a_failure) {
  auto integrator = open();
  for (int calls = 0; calls < 12; ++calls) {
    commit(97);
    breaking.calls_left = calls;
    (void)loop.run((*integrator)->publish());
    breaking.calls_left = 1 << 30;
    ASSERT_TRUE(loop.run((*integrator)->publish())) << calls;
    EXPECT_EQ(verified().size, database.logs[kLog].size());
  }
}

TEST_F(IntegratorTest, a_head_whose_signature_was_lost_is_signed_again) {
  commit(10);
  signer.fail_after_head = true;
  EXPECT_FALSE(run_once());
  signer.fail_after_head = false;
  ASSERT_TRUE(run_once());
  EXPECT_EQ(verified().size, 10u);
}

TEST_F(IntegratorTest, refuses_a_store_older_than_its_log) {
  commit(10);
  ASSERT_TRUE(run_once());
  database.logs[kLog].resize(9);
  const auto refused = run_once();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::unavailable);
  EXPECT_NE(refused.error().detail.find("holds 9 entries, but 10 were published"),
            std::string::npos);
}

TEST_F(IntegratorTest, refuses_a_store_older_than_its_keys_where_the_files_are_gone) {
  commit(10);
  ASSERT_TRUE(run_once());
  files.files.clear();
  database.logs[kLog].resize(9);
  EXPECT_EQ(run_once().error().code, Code::unavailable);
}

TEST_F(IntegratorTest, refuses_to_sign_another_history) {
  commit(10);
  ASSERT_TRUE(run_once());
  const auto before = files.files;
  database.logs[kLog][9].leaf = "another entry";
  EXPECT_EQ(run_once().error().code, Code::unavailable);
  EXPECT_EQ(files.files, before);
  // Nor where all files are made anew from that history: the signer remembers.
  files.files.clear();
  EXPECT_EQ(run_once().error().code, Code::invalid_proof);
  EXPECT_FALSE(files.files.contains({kLog, "checkpoint"}));
}

TEST_F(IntegratorTest, makes_lost_files_anew_from_the_store) {
  commit(1000);
  ASSERT_TRUE(run_once());
  const auto before = files.files;
  files.files.clear();
  ASSERT_TRUE(run_once());
  EXPECT_EQ(files.files, before);
}

TEST_F(IntegratorTest, refuses_a_log_with_a_damaged_tile) {
  commit(10);
  ASSERT_TRUE(run_once());
  files.files.at({kLog, "tile/0/000.p/10"})[40] ^= 1;
  EXPECT_EQ(run_once().error().code, Code::unavailable);
  files.files.erase({kLog, "tile/0/000.p/10"});
  EXPECT_EQ(run_once().error().code, Code::storage_failed);
}

// --- witnesses ----------------------------------------------------------------------------------

// Cosigns whatever it is asked, where it is there.
class OneWitness final : public WitnessCaller {
 public:
  Task<WitnessReply> post(std::string, Bytes body) override {
    if (away) co_return fail(Code::unavailable, "It is away.");
    const auto request = co_await tlog::parse_add_checkpoint(body);
    if (request.old_size != size)
      co_return WitnessReply{409, std::string(tlog::kWitnessSizeType), std::to_string(size) + "\n"};
    const auto note = co_await tlog::parse_note(request.checkpoint);
    const auto checkpoint = co_await tlog::parse_checkpoint(note.text);
    size = checkpoint.head.size;
    const auto line = signer.line(note.text, 1'760'000'000);
    co_return WitnessReply{200, "text/plain", tlog::print_signatures({&line, 1})};
  }
  tlog::testing::Signer signer{"w", tlog::SignatureType::cosignature, "w"};
  std::uint64_t size = 0;
  bool away = false;
};

TEST_F(IntegratorTest, waits_for_its_witnesses_and_never_publishes_without) {
  OneWitness witness;
  const auto policy = *tlog::parse_policy("witness w " + tlog::print_vkey(witness.signer.key()) +
                                          " http://w\nquorum w\n");
  const tlog::testing::SodiumEd25519 ed25519;
  Cosigner cosigner(policy, witness, ed25519);
  commit(3);
  auto integrator = *loop.run(Integrator::open({store, breaking, signer, &cosigner}, kLog));
  ASSERT_TRUE(loop.run(integrator->publish()));
  EXPECT_EQ(verified().size, 3u);
  const auto cosigned = [&] {
    const auto& key = witness.signer.key();
    const auto note = tlog::parse_note(files.files.at({kLog, "checkpoint"}));
    return std::ranges::any_of(note->signatures,
                               [&](const auto& line) { return line.name == key.name; });
  };
  EXPECT_TRUE(cosigned());

  witness.away = true;
  commit(300);
  ASSERT_TRUE(loop.run(integrator->publish()));
  EXPECT_EQ(integrator->published(), 3u);
  EXPECT_EQ(verified().size, 3u) << "the last good checkpoint stays";
  ASSERT_TRUE(integrator->waits_for());
  EXPECT_NE(integrator->waits_for()->message().find("It is away."), std::string::npos);

  witness.away = false;
  commit(1);
  ASSERT_TRUE(loop.run(integrator->publish()));
  EXPECT_EQ(verified().size, 304u);
  EXPECT_TRUE(cosigned());
  EXPECT_FALSE(integrator->waits_for());
}

}  // namespace
}  // namespace kontor
