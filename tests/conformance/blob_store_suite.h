#pragma once
// What every BlobStore promises. An adapter's test derives a harness and instantiates the suite:
//   INSTANTIATE_TEST_SUITE_P(Files, BlobStoreSuite, testing::Values(&make_harness));
#include "ports/blob_inventory.h"
#include "tests/support/test_loop.h"

#include <gtest/gtest.h>

#include <memory>

namespace kontor::test {

// A fresh, empty store and the loop it lives on.
class BlobHarness {
 public:
  virtual ~BlobHarness() = default;
  virtual BlobStore& store() = 0;
  virtual BlobInventory& inventory() = 0;
  // Changes a bit of a committed blob behind the store's back.
  virtual void damage(const Sha256& digest) = 0;
  // Bytes and names the store holds that no committed blob accounts for.
  virtual std::size_t leftovers() = 0;
  TestLoop loop;
};

class BlobStoreSuite : public testing::TestWithParam<std::unique_ptr<BlobHarness> (*)()> {
 protected:
  BlobStoreSuite() : harness_(GetParam()()) {}
  BlobStore& store() { return harness_->store(); }
  BlobInventory& inventory() { return harness_->inventory(); }
  TestLoop& loop() { return harness_->loop; }

  template <class T>
  T must(Task<T> task) {
    auto result = loop().run(std::move(task));
    if (!result) ADD_FAILURE() << info(result.error().code).name << ' ' << result.error().cause;
    if constexpr (!std::is_void_v<T>) return result ? std::move(*result) : T{};
  }
  // Stages, appends the pieces and seals.
  std::unique_ptr<BlobWriter> staged(const std::vector<std::string>& pieces);
  BlobDigests put(const std::string& bytes);

  std::unique_ptr<BlobHarness> harness_;
};

}  // namespace kontor::test
