// The file store against the port's suite, and what only files can get wrong.
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/filesystem/blob_store.h"
#include "tests/conformance/blob_store_suite.h"

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

struct TempFolder {
  std::string path;
  TempFolder() {
    char name[] = "/tmp/kontor-blobs-XXXXXX";
    path = mkdtemp(name);
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
};

class FileHarness final : public test::BlobHarness {
 public:
  FileHarness() : layout{folder.path + "/blobs"}, folders(layout) {
    EXPECT_TRUE(prepare_blobs(layout));
    store_ = std::make_unique<BlobStore>(folders, entropy, workers, loop);
  }
  kontor::BlobStore& store() override { return *store_; }
  std::size_t leftovers() override {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(layout.staging()))
      count += entry.exists();
    return count;
  }

  TempFolder folder;
  BlobLayout layout;
  DurableFolders folders;
  CountingEntropy entropy;
  InlineWorkers workers;

 private:
  std::unique_ptr<BlobStore> store_;
};

std::unique_ptr<test::BlobHarness> make_harness() { return std::make_unique<FileHarness>(); }
using test::BlobStoreSuite;
INSTANTIATE_TEST_SUITE_P(Files, BlobStoreSuite, testing::Values(&make_harness));

TEST(FileBlobs, a_start_sweeps_what_a_crash_left_behind) {
  FileHarness h;
  const Fd left = *create_exclusive(h.layout.staged("left"));
  EXPECT_EQ(h.leftovers(), 1u);
  EXPECT_TRUE(prepare_blobs(h.layout));
  EXPECT_EQ(h.leftovers(), 0u);
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
  struct stat info {};
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
  std::filesystem::remove_all(h.layout.blobs());
  const auto committed = h.loop.run((*writer)->commit());
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, Code::storage_failed);
  EXPECT_EQ(h.loop.run(h.store().stage()).has_value(), true);
}

}  // namespace
}  // namespace kontor::fs
