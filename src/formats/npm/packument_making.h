#pragma once
// Making the document of a package from the store, whatever its size: in runs of versions, between
// which other work of the loop goes on, and with the finished runs of an earlier making taken from
// the cache. After a publish only the last run is read, spliced and compressed anew.
#include "base/task.h"
#include "formats/npm/packument.h"
#include "registry/registry.h"

#include <string>

namespace kontor::npm {

struct PackumentOrder {
  PackageRecord package;  // as the document shall show it
  Form form = Form::full;
  std::string base;
  bool gzipped = false;
  std::string etag;  // under which another request may put the document into the cache meanwhile
};

// The caller looks afterwards whether the package is still the one of the order: what was added
// meanwhile may be in the document.
Task<SharedBytes> make_packument(Registry& registry, PackumentOrder wanted);

// Asks the store what making a document of one run asks, and makes nothing.
Task<> ask_for_packument(Registry& registry, PackumentOrder wanted);

}  // namespace kontor::npm
