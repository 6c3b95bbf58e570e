#pragma once
// Names of blobs as hard links below the store's root: another name of the same file, so that the
// bytes are there once.
#include "adapters/filesystem/blob_layout.h"
#include "ports/loop.h"
#include "ports/object_names.h"

#include <span>

namespace kontor::fs {

class ObjectNames final : public kontor::ObjectNames {
 public:
  ObjectNames(BlobLayout layout, Entropy& entropy, Workers& workers, Loop& home);

  Task<> give(ObjectName name) override;
  Task<> take(std::string key) override;

 private:
  const BlobLayout layout_;
  Entropy& entropy_;
  Workers& workers_;
  Loop& home_;
};

// Makes the names below `<root>/packages` those given here: what is missing or names another blob
// is made, all else is removed. Names whose blob is gone are left out. While nobody gives or takes.
Result<void> make_names(const BlobLayout& layout, std::span<const ObjectName> names);

}  // namespace kontor::fs
