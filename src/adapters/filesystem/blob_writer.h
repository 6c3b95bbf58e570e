#pragma once
// One upload on its way to a blob: a staged file and three running hashes.
#include "adapters/filesystem/commit_queue.h"
#include "adapters/filesystem/files.h"
#include "adapters/filesystem/triple_hash.h"
#include "ports/blob_store.h"
#include "ports/loop.h"

#include <memory>
#include <string>

namespace kontor::fs {

class BlobWriter final : public kontor::BlobWriter {
 public:
  BlobWriter(CommitQueue& commits, std::string staged_path, Fd file, Workers& workers, Loop& home);
  ~BlobWriter() override;

  Task<> append(ByteView piece) override;
  Task<BlobDigests> seal() override;
  Task<> commit() override;

 private:
  void write_ahead();

  CommitQueue& commits_;
  const std::string path_;
  // Shared with the worker that makes it durable, which may outlive this writer.
  std::shared_ptr<Fd> file_;
  TripleHash hash_;
  std::uint64_t appended_ = 0;
  std::uint64_t handed_over_ = 0;       // so much has been given to the disk to write
  std::optional<BlobDigests> digests_;  // once sealed
  Workers& workers_;
  Loop& home_;
  BlobsInUse::Pin pin_;  // from the call of commit() on
  bool committed_ = false;
};

}  // namespace kontor::fs
