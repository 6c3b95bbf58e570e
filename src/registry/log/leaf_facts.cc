// The leaf is hashed as proofs hash it.
#include "registry/log/leaf_facts.h"

#include "tlog/merkle.h"

namespace kontor {

Task<LeafFacts> leaf_facts(LogStore& log, LogPlace place) {
  const auto leaves = co_await log.entries(place.log, place.index, 1);
  if (leaves.empty()) co_return fail(Code::not_found, {}, "a leaf is missing in its log");
  const auto size = co_await log.size(place.log);
  co_return LeafFacts{place, size, tlog::leaf_hash(leaves.front())};
}

}  // namespace kontor
