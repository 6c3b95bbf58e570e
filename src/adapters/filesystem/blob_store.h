#pragma once
// BlobStore on files. Small uploads are hashed and written on the loop, in pieces of at most 64 KiB;
// large ones on the workers, as is all that waits for the disk.
#include "adapters/filesystem/commit_queue.h"
#include "adapters/filesystem/files.h"
#include "ports/blob_store.h"
#include "ports/entropy.h"
#include "ports/loop.h"

#include <memory>
#include <string>

namespace kontor::fs {

// The file of a blob, for a host that sends it by itself; not_found where there is none.
Result<Fd> open_blob(const BlobLayout& layout, const Sha256& digest);

// One instance a loop; any number over one folder, also of several processes. `place` is where its
// commits go; all instances read everything.
class BlobStore final : public kontor::BlobStore {
 public:
  BlobStore(CommitQueue& commits, Entropy& entropy, Workers& workers, Loop& home,
            BlobPlace place = BlobPlace::common);

  Task<std::unique_ptr<kontor::BlobWriter>> stage() override;
  Task<std::optional<std::uint64_t>> find(Sha256 digest) override;
  Task<Bytes> read(Sha256 digest, std::uint64_t offset, std::uint64_t length) override;
  Task<> probe() override;

 private:
  const BlobPlace place_;
  CommitQueue& commits_;
  const BlobLayout& layout_;
  Entropy& entropy_;
  Workers& workers_;
  Loop& home_;
};

}  // namespace kontor::fs
