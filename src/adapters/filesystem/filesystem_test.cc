// The file store against the port's suite, and what only files can get wrong.
#include "adapters/filesystem/blob_inventory.h"
#include "adapters/filesystem/blob_store.h"
#include "base/sha1.h"
#include "base/sha256.h"
#include "base/sha512.h"
#include "tests/conformance/blob_store_suite.h"
#include "tests/support/temp_folder.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::fs {
namespace {

class CountingEntropy final : public Entropy {
 public:
  Bytes bytes(std::size_t count) override {
    Bytes out(count, '\0');
    out[0] = static_cast<char>(++n_);
    out[1] = static_cast<char>(n_ >> 8);
    return out;
  }

 private:
  int n_ = 0;
};

// Runs work on the spot: what the workers do is tested, not that they are threads.
class InlineWorkers final : public Workers {
 public:
  bool submit(std::move_only_function<void()> work) override {
    work();
    return true;
  }
};

// Keeps work back until the test lets it run, so that commits meet in the queue.
class HeldWorkers final : public Workers {
 public:
  bool submit(std::move_only_function<void()> work) override {
    if (full) return false;
    held.push_back(std::move(work));
    return true;
  }
  void release() {
    for (auto& work : std::exchange(held, {})) work();
  }
  bool full = false;
  std::vector<std::move_only_function<void()>> held;
};

class FileHarness : public test::BlobHarness {
 public:
  FileHarness() : layout{folder.path() + "/blobs"}, commits(layout) {
    EXPECT_TRUE(commits.prepare());
    store_ = std::make_unique<BlobStore>(commits, entropy, workers, loop);
  }
  kontor::BlobStore& store() override { return *store_; }
  kontor::BlobInventory& inventory() override { return inventory_; }
  void damage(const Sha256& digest) override {
    std::fstream file(layout.blob(digest), std::ios::in | std::ios::out | std::ios::binary);
    const char flipped = static_cast<char>(file.get() ^ 1);
    file.seekp(0);
    file.put(flipped);
  }
  std::size_t leftovers() override {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(layout.staging()))
      count += entry.exists();
    return count;
  }

  test::TempFolder folder;
  BlobLayout layout;
  CommitQueue commits;
  CountingEntropy entropy;
  InlineWorkers workers;

 private:
  std::unique_ptr<BlobStore> store_;
  BlobInventory inventory_{commits, workers, loop};
};

std::unique_ptr<test::BlobHarness> make_harness() {
  return std::make_unique<FileHarness>();
}
using test::BlobStoreSuite;
INSTANTIATE_TEST_SUITE_P(Files, BlobStoreSuite, testing::Values(&make_harness));

TEST(FileBlobs, a_start_sweeps_what_a_crash_left_behind) {
  FileHarness h;
  const Fd left = *create_exclusive(h.layout.staged("left"));
  EXPECT_EQ(h.leftovers(), 1u);
  EXPECT_TRUE(CommitQueue(h.layout).prepare());
  EXPECT_EQ(h.leftovers(), 0u);
}

TEST(FileBlobs, an_inventory_counts_and_removes_what_was_left_half_uploaded) {
  FileHarness h;
  const Fd left = *create_exclusive(h.layout.staged("left"));
  ASSERT_TRUE(write_all(left, "seven b"));
  const auto before = h.loop.run(h.inventory().leftovers());
  EXPECT_EQ(before->count, 1u);
  EXPECT_EQ(before->bytes, 7u);
  ASSERT_TRUE(h.loop.run(h.inventory().remove_leftovers()));
  EXPECT_EQ(h.loop.run(h.inventory().leftovers())->count, 0u);
}

TEST(FileBlobs, an_inventory_passes_over_names_that_are_no_digests) {
  FileHarness h;
  std::ofstream(h.layout.blobs() + "/README") << "not a blob";
  EXPECT_TRUE(h.loop.run(h.inventory().sweep()->list({}, 10))->empty());
}

TEST(FileBlobs, a_committed_blob_is_one_private_file_under_its_digest) {
  FileHarness h;
  auto writer = h.loop.run(h.store().stage());
  ASSERT_TRUE(writer);
  ASSERT_TRUE(h.loop.run((*writer)->append("hello")));
  const auto digests = h.loop.run((*writer)->seal());
  ASSERT_TRUE(digests);
  ASSERT_TRUE(h.loop.run((*writer)->commit()));
  const auto path = h.layout.blob(digests->sha256);
  struct stat info{};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(info.st_nlink, 1u);
  EXPECT_EQ(info.st_size, 5);
}

TEST(FileBlobs, a_missing_folder_is_a_storage_error_not_a_crash) {
  FileHarness h;
  auto writer = h.loop.run(h.store().stage());
  ASSERT_TRUE(writer);
  ASSERT_TRUE(h.loop.run((*writer)->append("hello")));
  ASSERT_TRUE(h.loop.run((*writer)->seal()));
  std::filesystem::remove_all(h.layout.blobs());  // renaming into it must fail
  const auto committed = h.loop.run((*writer)->commit());
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, Code::storage_failed);
  EXPECT_EQ(h.loop.run(h.store().stage()).has_value(), true);
}

// --- commits that meet ------------------------------------------------------------------------

struct Crowd : FileHarness {
  explicit Crowd(int size) : held_store(commits, entropy, held, loop) {
    for (int i = 0; i < size; ++i) add("blob " + std::to_string(i));
  }
  void add(const std::string& text) {
    writers.push_back(std::move(*loop.run(held_store.stage())));
    EXPECT_TRUE(loop.run(writers.back()->append(text)));
    digests.push_back(loop.run(writers.back()->seal())->sha256);
    tasks.push_back(writers.back()->commit());
  }
  // All bytes are synced, then all names made by one worker.
  std::vector<Result<void>> release(bool refuse_names = false) {
    for (auto& task : tasks) task.start();
    EXPECT_EQ(held.held.size(), tasks.size());
    held.release();
    held.full = refuse_names;
    loop.run_ready();
    EXPECT_EQ(held.held.size(), refuse_names ? 0u : 1u);
    held.release();
    loop.run_ready();
    std::vector<Result<void>> results;
    for (auto& task : tasks) results.push_back(task.take());
    held.full = false;
    return results;
  }
  bool has(std::size_t i) { return loop.run(held_store.find(digests[i]))->has_value(); }

  HeldWorkers held;
  BlobStore held_store;
  std::vector<std::unique_ptr<kontor::BlobWriter>> writers;
  std::vector<Sha256> digests;
  std::vector<Task<>> tasks;
};

TEST(FileBlobs, a_probe_misses_each_folder) {
  for (const bool staging : {false, true}) {
    FileHarness h;
    ASSERT_TRUE(h.loop.run(h.store().probe()));
    std::filesystem::remove_all(staging ? h.layout.staging() : h.layout.blobs());
    const auto probed = h.loop.run(h.store().probe());
    ASSERT_FALSE(probed);
    EXPECT_EQ(probed.error().code, Code::storage_failed);
  }
}

TEST(FileBlobsTogether, are_named_by_one_worker) {
  Crowd crowd(100);
  crowd.add("blob 7");  // a twin of another in the crowd
  const auto results = crowd.release();
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_TRUE(results[i]) << i;
    EXPECT_TRUE(crowd.has(i)) << i;
  }
  EXPECT_EQ(crowd.leftovers(), 0u);
}

TEST(FileBlobsTogether, one_that_fails_leaves_the_others_whole) {
  Crowd crowd(8);
  std::filesystem::remove(std::filesystem::directory_iterator(crowd.layout.staging())->path());
  const auto results = crowd.release();
  int failed = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    failed += !results[i];
    EXPECT_EQ(crowd.has(i), results[i].has_value()) << i;
  }
  EXPECT_EQ(failed, 1);
}

TEST(FileBlobsTogether, a_full_worker_queue_refuses_the_commits_and_takes_them_later) {
  Crowd crowd(3);
  for (const auto& result : crowd.release(true)) EXPECT_EQ(result.error().code, Code::unavailable);
  EXPECT_FALSE(crowd.has(0));
  crowd.tasks.clear();
  for (auto& writer : crowd.writers) crowd.tasks.push_back(writer->commit());
  for (const auto& result : crowd.release()) EXPECT_TRUE(result);
  EXPECT_TRUE(crowd.has(0));
}

TEST(FileBlobs, a_large_blob_is_kept_whole) {
  FileHarness h;
  const std::string piece(1 << 20, 'x');
  auto writer = std::move(*h.loop.run(h.store().stage()));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(h.loop.run(writer->append(piece)));
  const auto digests = *h.loop.run(writer->seal());
  ASSERT_TRUE(h.loop.run(writer->commit()));
  EXPECT_EQ(*h.loop.run(h.store().find(digests.sha256)), std::uint64_t{20} << 20);
}

// --- large uploads, which workers hash and write -------------------------------------------------

struct LargeUpload : FileHarness {
  LargeUpload() : held_store(commits, entropy, held, loop) {
    writer = std::move(*loop.run(held_store.stage()));
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 131 + i / 251);
  }
  static Task<BlobDigests> upload(kontor::BlobWriter* writer, std::string_view text) {
    for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(60'000, text.size())))
      co_await writer->append(text.substr(0, 60'000));
    co_return co_await writer->seal();
  }
  void expect_right(const BlobDigests& digests) {
    EXPECT_EQ(digests, (BlobDigests{sha1(text), sha256(text), sha512(text), text.size()}));
    held.full = false;
    auto committing = writer->commit();
    committing.start();
    while (!committing.done()) {
      held.release();
      loop.run_ready();
    }
    EXPECT_TRUE(committing.take());
    EXPECT_EQ(*loop.run(store().read(digests.sha256, 0, text.size())), text);
  }

  HeldWorkers held;
  BlobStore held_store;
  std::unique_ptr<kontor::BlobWriter> writer;
  std::string text = std::string(3'000'001, '\0');
};

TEST(LargeFileBlobs, wait_for_the_worker_and_keep_their_order) {
  LargeUpload h;
  auto uploading = LargeUpload::upload(h.writer.get(), h.text);
  uploading.start();
  int portions = 0;
  while (!uploading.done()) {
    ASSERT_EQ(h.held.held.size(), 1u);  // never two portions of one upload at once
    h.held.release();
    h.loop.run_ready();
    ++portions;
  }
  EXPECT_GE(portions, 4);
  h.expect_right(*uploading.take());
}

TEST(LargeFileBlobs, are_written_on_the_loop_where_no_worker_is_free) {
  LargeUpload h;
  h.held.full = true;
  h.expect_right(*h.loop.run(LargeUpload::upload(h.writer.get(), h.text)));
}

TEST(LargeFileBlobs, leave_nothing_behind_where_the_client_goes_meanwhile) {
  LargeUpload h;
  {
    auto uploading = LargeUpload::upload(h.writer.get(), h.text);
    uploading.start();
    ASSERT_EQ(h.held.held.size(), 1u);
  }
  h.writer.reset();
  h.held.release();  // the worker still writes into the file that nobody sees
  h.loop.run_ready();
  EXPECT_EQ(h.leftovers(), 0u);
}

}  // namespace
}  // namespace kontor::fs
