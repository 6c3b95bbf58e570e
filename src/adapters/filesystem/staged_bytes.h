#pragma once
// The bytes of one upload on their way into a file, hashed as they go. Those of a small upload are
// taken on the loop; from the second megabyte on a worker takes them, one portion at a time, while
// the loop receives and inspects the next.
#include "adapters/filesystem/files.h"
#include "adapters/filesystem/triple_hash.h"
#include "ports/handoff.h"
#include "ports/loop.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace kontor::fs {

// Memory: two portions of 256 KiB and a piece, for an upload of more than a megabyte.
class StagedBytes {
 public:
  StagedBytes(Fd file, Workers& workers, Loop& home);

  // One operation at a time. After an error only to be destroyed.
  Task<> append(ByteView piece);
  Task<BlobDigests> finish();  // once
  // For what waits for the disk on another thread, where it may outlive this.
  std::shared_ptr<const Fd> file() const;

 private:
  // What the worker works on; never touched by both sides at once.
  struct Sink {
    explicit Sink(Fd file) : file(std::make_shared<const Fd>(std::move(file))) {}
    Result<void> take(ByteView piece);

    std::shared_ptr<const Fd> file;
    TripleHash hash;
    Bytes portion;
    std::uint64_t written = 0;
    std::uint64_t handed_over = 0;  // to the disk
  };
  Task<> hand_over();
  Task<> settle();

  std::shared_ptr<Sink> sink_;
  Bytes filling_;
  std::uint64_t appended_ = 0;
  std::optional<HandoffReceiver<void>> under_way_;
  Result<void> outcome_;  // of the portions so far
  Workers& workers_;
  Loop& home_;
};

}  // namespace kontor::fs
