#pragma once
// Small files of the folder of keys: mode 0600, written whole or not at all.
#include "base/bytes.h"
#include "base/error.h"

#include <optional>
#include <string>

namespace kontor::signing {

class KeyFolder {
 public:
  // Makes the folder with mode 0700 where it is missing.
  static Result<KeyFolder> open(std::string path);

  // Nothing where there is no such file. unavailable, with a sentence for the operator, where
  // others than its owner may read it.
  Result<std::optional<Bytes>> read(const std::string& name) const;
  // Durable on success; after an error the old bytes stay.
  Result<void> write(const std::string& name, ByteView bytes) const;

 private:
  explicit KeyFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace kontor::signing
