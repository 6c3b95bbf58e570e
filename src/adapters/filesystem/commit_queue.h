#pragma once
// Gives staged files their final names. Those that wait are named together, with one sync of the
// folder for all of them.
#include "adapters/filesystem/blob_layout.h"
#include "adapters/filesystem/blobs_in_use.h"
#include "adapters/filesystem/files.h"
#include "ports/handoff.h"
#include "ports/loop.h"

#include <bitset>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace kontor::fs {

// One instance a process, shared by the stores of all loops; outlives the workers it is used with.
class CommitQueue {
 public:
  explicit CommitQueue(BlobLayout layout) : layout_(std::move(layout)) {}
  const BlobLayout& layout() const { return layout_; }
  BlobsInUse& in_use() { return in_use_; }

  // Creates the folders and removes what an earlier process left half uploaded. Once, before any
  // store is used.
  Result<void> prepare();

  // Names the staged file, whose bytes are on disk already, after its digest, or removes it where
  // that blob exists. On success the name is durable. unavailable where the workers' queue is full.
  // Any thread; yields on `home`.
  Task<> commit(Workers& workers, Loop& home, std::string staged, Sha256 digest, BlobPlace place);

 private:
  struct Waiting {
    std::string staged;
    Sha256 digest;
    BlobPlace place;
    HandoffSender<void> sender;
  };

  void drain(Workers& workers);
  std::vector<Waiting> take();
  void commit_all(std::vector<Waiting>& batch, Workers& workers);
  Result<void> name(const Waiting& one, std::set<std::string>& folders) const;
  static std::size_t folder_of(const Sha256& digest) { return digest.bytes[0]; }
  static std::size_t subfolder_of(const Sha256& digest) {
    return digest.bytes[0] * 256u + digest.bytes[1];
  }

  const BlobLayout layout_;
  BlobsInUse in_use_;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
  bool draining_ = false;  // a worker runs drain() or is about to
  // Of Ori's folders and subfolders those whose own names this process has synced; whoever drains
  // has them.
  std::bitset<256> known_folders_;
  std::bitset<65536> known_;
};

}  // namespace kontor::fs
