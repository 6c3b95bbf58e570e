#pragma once
// BlobInventory on files. All work is done by the workers: a listing reads the names of the whole
// folder (about half a second a million) and keeps those of one page; a rehash reads the file.
#include "adapters/filesystem/commit_queue.h"
#include "ports/blob_inventory.h"
#include "ports/loop.h"

namespace kontor::fs {

// The digests of a file from where its descriptor stands.
Result<BlobDigests> digests_of(const Fd& file);

class BlobInventory final : public kontor::BlobInventory {
 public:
  BlobInventory(CommitQueue& commits, Workers& workers, Loop& home)
      : commits_(commits), workers_(workers), home_(home) {}

  std::unique_ptr<kontor::BlobSweep> sweep() override;
  Task<BlobDigests> rehash(Sha256 digest) override;
  Task<BlobLeftovers> leftovers() override;
  Task<> remove_leftovers() override;

 private:
  CommitQueue& commits_;
  Workers& workers_;
  Loop& home_;
};

}  // namespace kontor::fs
