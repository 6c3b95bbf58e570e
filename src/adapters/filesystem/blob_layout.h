#pragma once
// Where files lie below the data directory:
//
//   blobs/
//     sha256/<64 hex>      a committed blob
//     staging/<32 hex>     an upload under way; swept when the server starts
//
// All blobs are in one folder, so that one sync makes the names of many commits durable; file
// systems find a name among millions as fast as among hundreds. (ext4 takes some ten million names
// in a folder; beyond that it wants its feature large_dir.)
#include "base/digest.h"

#include <string>

namespace kontor::fs {

struct BlobLayout {
  std::string root;  // "<data directory>/blobs", without a final slash

  std::string staging() const { return root + "/staging"; }
  std::string staged(const std::string& name) const { return staging() + "/" + name; }
  std::string blobs() const { return root + "/sha256"; }
  std::string blob(const Sha256& digest) const { return blobs() + "/" + digest.hex(); }
};

}  // namespace kontor::fs
