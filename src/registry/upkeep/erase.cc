// The sweep begins before the question, so that what is published meanwhile is protected.
#include "registry/upkeep/erase.h"

namespace kontor {

Task<bool> SweepEraser::erase(Sha256 digest) {
  const auto sweep = blobs_.sweep();
  const auto unnamed = co_await audit_.unreferenced({digest});
  if (unnamed.empty()) co_return false;
  co_return co_await sweep->remove(digest);
}

}  // namespace kontor
