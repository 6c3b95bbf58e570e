#pragma once
// Where files lie below the data directory:
//
//   blobs/
//     sha256/<64 hex>      a committed blob
//     ori/sha256/<2 hex>/<2 hex>/<64 hex>.ori.tar.gz
//                          a committed archive of Ori (row STO-07)
//     packages/@<user>/<slug>/v<version>.progy
//                          another name of the blob of a course (object_names.h)
//     staging/<32 hex>     an upload under way; swept when the server starts
//
// A blob is looked for in the first place, then in the second: where it lies says nothing about
// what it is (backups of older versions are restored to the first). All blobs but Ori's are in one
// folder, so that one sync makes the names of many commits durable; file systems find a name among
// millions as fast as among hundreds. (ext4 takes some ten million names in a folder; beyond that
// it wants its feature large_dir.)
#include "base/digest.h"
#include "base/error.h"
#include "ports/blob_store.h"

#include <cstdint>
#include <functional>
#include <string>

namespace kontor::fs {

// Where a commit puts a blob.
enum class BlobPlace : std::uint8_t { common, ori };

struct BlobLayout {
  std::string root;  // "<data directory>/blobs", without a final slash

  std::string staging() const { return root + "/staging"; }
  std::string staged(const std::string& name) const { return staging() + "/" + name; }
  std::string blobs() const { return root + "/sha256"; }
  std::string blob(const Sha256& digest) const { return blobs() + "/" + digest.hex(); }
  std::string ori_blobs() const { return root + "/ori/sha256"; }
  // The two folders below ori_blobs() that lead to a blob.
  std::string ori_folder(const Sha256& digest) const {
    return ori_blobs() + "/" + digest.hex().substr(0, 2);
  }
  std::string ori_subfolder(const Sha256& digest) const {
    return ori_folder(digest) + "/" + digest.hex().substr(2, 2);
  }
  std::string ori_blob(const Sha256& digest) const { return root + "/" + ori_archive_path(digest); }
};

// The path of the blob where it is: in the second place where the first has none.
std::string locate(const BlobLayout& layout, const Sha256& digest);
// Calls `take` with each blob of both places, in no order; one that is in both comes twice.
Result<void> each_blob(const BlobLayout& layout, const std::function<void(const Sha256&)>& take);

}  // namespace kontor::fs
