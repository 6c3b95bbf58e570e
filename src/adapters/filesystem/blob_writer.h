#pragma once
// One upload on its way to a blob.
#include "adapters/filesystem/commit_queue.h"
#include "adapters/filesystem/files.h"
#include "adapters/filesystem/staged_bytes.h"
#include "ports/blob_store.h"
#include "ports/loop.h"

#include <memory>
#include <string>

namespace kontor::fs {

class BlobWriter final : public kontor::BlobWriter {
 public:
  BlobWriter(CommitQueue& commits, std::string staged_path, Fd file, Workers& workers, Loop& home,
             BlobPlace place);
  ~BlobWriter() override;

  Task<> append(ByteView piece) override;
  Task<BlobDigests> seal() override;
  Task<> commit() override;

 private:
  const BlobPlace place_;
  CommitQueue& commits_;
  const std::string path_;
  StagedBytes bytes_;
  std::optional<BlobDigests> digests_;  // once sealed
  Workers& workers_;
  Loop& home_;
  BlobsInUse::Pin pin_;  // from the call of commit() on
  bool committed_ = false;
};

}  // namespace kontor::fs
