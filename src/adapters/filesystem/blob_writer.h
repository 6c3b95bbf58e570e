#pragma once
// One upload on its way to a blob: a staged file and three running hashes.
#include <memory>
#include <string>

#include "adapters/filesystem/durable_folders.h"
#include "adapters/filesystem/files.h"
#include "adapters/filesystem/triple_hash.h"
#include "ports/blob_store.h"
#include "ports/loop.h"

namespace kontor::fs {

class BlobWriter final : public kontor::BlobWriter {
 public:
  BlobWriter(DurableFolders& folders, std::string staged_path, Fd file, Workers& workers,
             Loop& home);
  ~BlobWriter() override;

  Task<> append(ByteView piece) override;
  Task<BlobDigests> seal() override;
  Task<> commit() override;

 private:
  DurableFolders& folders_;
  const std::string path_;
  // Shared with the worker that makes it durable, which may outlive this writer.
  std::shared_ptr<Fd> file_;
  TripleHash hash_;
  std::optional<BlobDigests> digests_;  // once sealed
  Workers& workers_;
  Loop& home_;
  bool committed_ = false;
};

}  // namespace kontor::fs
