#pragma once
// Rendered documents that all servers of a registry share and keep for a while, behind the cache of
// each of them. A name tells the state and the form of a document, so that none is ever stale.
#include "base/bytes.h"
#include "base/task.h"

#include <string>

namespace kontor {

// Thread: one instance belongs to one loop.
class DocumentShelf {
 public:
  virtual ~DocumentShelf() = default;
  // Null where there is none of that name, or it cannot be had.
  virtual Task<SharedBytes> find(std::string name) = 0;
  // Is not waited for, and may be lost.
  virtual void put(std::string name, SharedBytes document) = 0;
};

}  // namespace kontor
