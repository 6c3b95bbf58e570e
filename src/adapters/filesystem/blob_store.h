#pragma once
// BlobStore on files. Writing and hashing happen on the loop in pieces of at most 64 KiB (two cores
// gain nothing from moving them); what waits for the disk runs on the workers.
#include <memory>
#include <string>

#include "adapters/filesystem/durable_folders.h"
#include "adapters/filesystem/files.h"
#include "ports/blob_store.h"
#include "ports/entropy.h"
#include "ports/loop.h"

namespace kontor::fs {

// Creates the folders below `root` and removes what an earlier process left half uploaded. Once,
// before any store is used.
Result<void> prepare_blobs(const BlobLayout& layout);

// The file of a blob, for a host that sends it by itself; not_found where there is none.
Result<Fd> open_blob(const BlobLayout& layout, const Sha256& digest);

// One instance a loop; any number over one folder, also of several processes.
class BlobStore final : public kontor::BlobStore {
 public:
  BlobStore(DurableFolders& folders, Entropy& entropy, Workers& workers, Loop& home);

  Task<std::unique_ptr<kontor::BlobWriter>> stage() override;
  Task<std::optional<std::uint64_t>> find(Sha256 digest) override;
  Task<Bytes> read(Sha256 digest, std::uint64_t offset, std::uint64_t length) override;
  Task<> remove(Sha256 digest) override;

 private:
  DurableFolders& folders_;
  const BlobLayout& layout_;
  Entropy& entropy_;
  Workers& workers_;
  Loop& home_;
};

}  // namespace kontor::fs
