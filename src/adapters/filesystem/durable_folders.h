#pragma once
// The 256 folders of blobs, made when first needed. A folder's own name must be durable before a
// commit into it may count as durable, whoever made it: so each process syncs the parent once for
// each folder it uses. One instance a process, shared by the stores of all loops.
#include <array>
#include <atomic>
#include <cstdint>

#include "adapters/filesystem/blob_layout.h"
#include "adapters/filesystem/files.h"

namespace kontor::fs {

class DurableFolders {
 public:
  explicit DurableFolders(BlobLayout layout) : layout_(std::move(layout)) {}
  const BlobLayout& layout() const { return layout_; }

  // The folder exists and its name is durable. Any thread; two at once do the same work twice.
  Result<void> ensure(std::uint8_t first_byte);

 private:
  const BlobLayout layout_;
  std::array<std::atomic<bool>, 256> durable_{};
};

}  // namespace kontor::fs
