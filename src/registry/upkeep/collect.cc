// List, ask, remove: in this order, each page within one sweep.
#include "registry/upkeep/collect.h"

namespace kontor {
namespace {

constexpr std::uint32_t kPage = 65'536;

}  // namespace

Task<Collected> collect_orphans(UpkeepPorts ports, CollectOptions options) {
  const Timestamp youngest = ports.clock.now() - options.grace;
  Collected out;
  std::optional<Sha256> after;
  for (;;) {
    const auto sweep = ports.blobs.sweep();
    const auto page = co_await sweep->list(after, kPage);
    if (page.empty()) co_return out;
    after = page.back().digest;
    out.blobs += page.size();
    std::vector<Sha256> digests;
    for (const auto& blob : page) digests.push_back(blob.digest);
    auto blob = page.begin();
    for (const auto& orphan : co_await ports.audit.unreferenced(std::move(digests))) {
      while (blob->digest != orphan) ++blob;  // both are in the same order
      if (blob->committed > youngest) {
        ++out.young;
        continue;
      }
      ++out.orphans;
      out.orphan_bytes += blob->size;
      if (options.dry_run || !co_await sweep->remove(orphan)) continue;
      ++out.removed;
      out.removed_bytes += blob->size;
    }
  }
}

}  // namespace kontor
