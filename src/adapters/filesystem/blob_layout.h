#pragma once
// Where files lie below the data directory:
//
//   blobs/
//     sha256/aa/<64 hex>   a committed blob; aa is its first byte
//     staging/<32 hex>     an upload under way; swept when the server starts
#include <string>

#include "base/digest.h"
#include "base/encoding.h"

namespace kontor::fs {

struct BlobLayout {
  std::string root;  // "<data directory>/blobs", without a final slash

  std::string staging() const { return root + "/staging"; }
  std::string staged(const std::string& name) const { return staging() + "/" + name; }
  std::string blobs() const { return root + "/sha256"; }
  std::string folder(std::uint8_t first_byte) const {
    const char byte = static_cast<char>(first_byte);
    return blobs() + "/" + to_hex({&byte, 1});
  }
  std::string blob(const Sha256& digest) const { return folder(digest.bytes[0]) + "/" + digest.hex(); }
};

}  // namespace kontor::fs
