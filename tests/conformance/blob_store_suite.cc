// The promises of ports/blob_store.h as tests.
#include "tests/conformance/blob_store_suite.h"

#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"

namespace kontor::test {

std::unique_ptr<BlobWriter> BlobStoreSuite::staged(const std::vector<std::string>& pieces) {
  auto writer = must(store().stage());
  for (const auto& piece : pieces) must(writer->append(piece));
  must(writer->seal());
  return writer;
}

BlobDigests BlobStoreSuite::put(const std::string& bytes) {
  auto writer = staged({bytes});
  must(writer->commit());
  return must(writer->seal());
}

namespace {

std::string sample(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 131 + i / 251);
  return text;
}

TEST_P(BlobStoreSuite, tells_the_digests_of_what_was_written) {
  const auto abc = put("abc");
  EXPECT_EQ(abc.sha1.hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(abc.sha256.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_TRUE(abc.sha512.hex().starts_with("ddaf35a193617abacc417349ae204131"));
  EXPECT_EQ(abc.size, 3u);

  const std::string big = sample(1'000'003);
  const auto digests = put(big);
  EXPECT_EQ(digests, (BlobDigests{sha1(big), sha256(big), sha512(big), big.size()}));
}

TEST_P(BlobStoreSuite, keeps_bytes_that_came_in_pieces_of_any_size) {
  const std::string text = sample(700'000);
  auto writer = must(store().stage());
  for (std::size_t at = 0, piece = 1; at < text.size(); at += piece, piece = piece * 3 + 1)
    must(writer->append(std::string_view(text).substr(at, piece)));
  must(writer->append(""));
  const auto digests = must(writer->seal());
  must(writer->commit());
  EXPECT_EQ(digests.sha256, sha256(text));
  EXPECT_EQ(must(store().find(digests.sha256)), text.size());
  EXPECT_EQ(must(store().read(digests.sha256, 0, text.size())), text);
}

TEST_P(BlobStoreSuite, keeps_the_empty_blob) {
  const auto digests = put("");
  EXPECT_EQ(digests.sha256, sha256(""));
  EXPECT_EQ(must(store().find(digests.sha256)), 0u);
  EXPECT_EQ(must(store().read(digests.sha256, 0, 10)), "");
}

TEST_P(BlobStoreSuite, reads_ranges_cut_at_the_end) {
  const auto digest = put("0123456789").sha256;
  EXPECT_EQ(must(store().read(digest, 0, 10)), "0123456789");
  EXPECT_EQ(must(store().read(digest, 3, 4)), "3456");
  EXPECT_EQ(must(store().read(digest, 8, 100)), "89");
  EXPECT_EQ(must(store().read(digest, 10, 1)), "");
  EXPECT_EQ(must(store().read(digest, 1ull << 62, 1)), "");
  EXPECT_EQ(must(store().read(digest, 5, 0)), "");
}

TEST_P(BlobStoreSuite, refuses_to_read_more_than_it_may_hold_in_memory) {
  const auto digest = put("0123456789").sha256;
  const auto result = loop().run(store().read(digest, 0, (16ull << 20) + 1));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::too_large);
}

TEST_P(BlobStoreSuite, knows_nothing_of_a_blob_before_its_commit) {
  auto writer = staged({"not ", "yet"});
  EXPECT_EQ(must(store().find(sha256("not yet"))), std::nullopt);
  const auto read = loop().run(store().read(sha256("not yet"), 0, 7));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::not_found);
  must(writer->commit());
  EXPECT_EQ(must(store().find(sha256("not yet"))), 7u);
}

TEST_P(BlobStoreSuite, an_abandoned_writer_leaves_nothing) {
  {
    auto fresh = must(store().stage());
  }
  {
    auto half = must(store().stage());
    must(half->append("half of it"));
  }
  {
    auto sealed = staged({"all of it"});
  }
  EXPECT_EQ(must(store().find(sha256("half of it"))), std::nullopt);
  EXPECT_EQ(must(store().find(sha256("all of it"))), std::nullopt);
  EXPECT_EQ(harness_->leftovers(), 0u);
}

TEST_P(BlobStoreSuite, destroying_a_writer_and_its_commit_leaves_nothing_or_all) {
  {
    auto writer = staged({"interrupted"});
    auto commit = writer->commit();
    commit.start();
  }
  put("after it");  // whatever the interrupted commit still had to do is done before this one
  const auto size = must(store().find(sha256("interrupted")));
  if (size) EXPECT_EQ(must(store().read(sha256("interrupted"), 0, 100)), "interrupted");
  EXPECT_EQ(harness_->leftovers(), 0u);
}

TEST_P(BlobStoreSuite, committing_the_same_bytes_again_succeeds) {
  const auto first = put("twice");
  const auto second = put("twice");
  EXPECT_EQ(first, second);
  EXPECT_EQ(must(store().read(first.sha256, 0, 100)), "twice");
  EXPECT_EQ(harness_->leftovers(), 0u);
}

TEST_P(BlobStoreSuite, two_writers_of_the_same_bytes_both_succeed) {
  auto one = staged({"same"});
  auto two = staged({"sa", "me"});
  std::vector<Task<>> commits;
  commits.push_back(two->commit());
  commits.push_back(one->commit());
  for (auto& result : loop().run_all(std::move(commits))) EXPECT_TRUE(result);
  EXPECT_EQ(must(store().read(sha256("same"), 0, 100)), "same");
  EXPECT_EQ(harness_->leftovers(), 0u);
}

TEST_P(BlobStoreSuite, can_be_probed) {
  must(store().probe());
}

TEST_P(BlobStoreSuite, a_commit_may_be_repeated) {
  auto writer = staged({"again"});
  must(writer->commit());
  must(writer->commit());
  EXPECT_EQ(must(store().find(sha256("again"))), 5u);
}

TEST_P(BlobStoreSuite, refuses_steps_out_of_order) {
  auto writer = must(store().stage());
  EXPECT_EQ(loop().run(writer->commit()).error().code, Code::internal);
  must(writer->append("x"));
  must(writer->seal());
  EXPECT_EQ(loop().run(writer->append("y")).error().code, Code::internal);
  must(writer->commit());
  EXPECT_EQ(must(store().find(sha256("x"))), 1u);
}

TEST_P(BlobStoreSuite, commits_many_at_once) {
  std::vector<std::unique_ptr<BlobWriter>> writers;
  std::vector<Task<>> commits;
  for (int i = 0; i < 100; ++i) {
    writers.push_back(staged({"blob number " + std::to_string(i % 80)}));
    commits.push_back(writers.back()->commit());
  }
  for (auto& result : loop().run_all(std::move(commits))) EXPECT_TRUE(result);
  for (int i = 0; i < 80; ++i) {
    const std::string text = "blob number " + std::to_string(i);
    EXPECT_EQ(must(store().read(sha256(text), 0, 100)), text);
  }
  EXPECT_EQ(harness_->leftovers(), 0u);
}

}  // namespace
}  // namespace kontor::test
