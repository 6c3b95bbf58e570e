#pragma once
// Names of blobs beside those made of their content, by which other programs find them in the
// store: Progy's `packages/@user/slug/v1.0.0.progy`. Rows STO-08, D-07.
#include "base/digest.h"
#include "base/task.h"

#include <string>

namespace kontor {

struct ObjectName {
  std::string key;  // a path below the store's root
  Sha256 digest;    // of the committed blob that it names
  // What a bucket tells of the object besides.
  std::string user;
  std::string version;
};

// Names follow what rows say: whoever changes rows gives and takes them afterwards. A crash in
// between loses nothing, for blobs are served by their digests; stores of files make all names
// anew when a server starts. The bytes are stored once, whatever they are called. Thread: one
// instance belongs to one loop.
class ObjectNames {
 public:
  virtual ~ObjectNames() = default;
  // Whoever reads the key gets the blob's bytes from now on, and until then what it named before:
  // a blob that loses its name so stays under its digest. not_found where there is no such blob.
  virtual Task<> give(ObjectName name) = 0;
  // The blob stays under its digest. Succeeds where there is no such name.
  virtual Task<> take(std::string key) = 0;
};

}  // namespace kontor
