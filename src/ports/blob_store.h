#pragma once
// Content-addressed blobs: immutable bytes under their SHA-256.
#include "base/bytes.h"
#include "base/digest.h"
#include "base/task.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace kontor {

// Where stores keep Ori's archives, below their root (row STO-07).
inline std::string ori_archive_path(const Sha256& digest) {
  const auto hex = digest.hex();
  return "ori/sha256/" + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex + ".ori.tar.gz";
}

// What the store learnt of bytes while they were written; the core never hashes bulk itself.
struct BlobDigests {
  Sha1 sha1;
  Sha256 sha256;
  Sha512 sha512;
  std::uint64_t size = 0;
  bool operator==(const BlobDigests&) const = default;
};

// Bytes on their way in. Invisible until commit() has been called; destroying the writer at any
// earlier point, also while an operation is under way, leaves nothing behind. Destroyed while
// commit() is under way it leaves either nothing or the whole blob. From the call of commit() until
// it is destroyed no sweep (ports/blob_inventory.h) removes its blob: keep it until the rows that
// name the blob are stored.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  // Appends a piece; `piece` must stay valid until the task ends. One operation at a time.
  virtual Task<> append(ByteView piece) = 0;
  // Ends the bytes and tells their digests. Nothing can be appended afterwards.
  virtual Task<BlobDigests> seal() = 0;
  // Makes the sealed blob visible under its SHA-256. On success bytes and directory entry are
  // durable. Committing bytes that exist already succeeds and keeps the old ones.
  virtual Task<> commit() = 0;
};

// Thread: one instance belongs to one loop.
class BlobStore {
 public:
  virtual ~BlobStore() = default;
  virtual Task<std::unique_ptr<BlobWriter>> stage() = 0;
  // Size of a committed blob; nothing where there is none.
  virtual Task<std::optional<std::uint64_t>> find(Sha256 digest) = 0;
  // Bytes [offset, offset + length) cut at the end; for small documents, length <= 16 MiB.
  // not_found where there is no such blob, too_large for a longer length.
  virtual Task<Bytes> read(Sha256 digest, std::uint64_t offset, std::uint64_t length) = 0;
  // Cheap probe for readiness: storage_failed where blobs could not be read or staged. It writes
  // nothing, so a full disk does not show.
  virtual Task<> probe() = 0;
};

}  // namespace kontor
