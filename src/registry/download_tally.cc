// A map of counters, emptied by each flush.
#include "registry/download_tally.h"

namespace kontor {

void DownloadTally::count(const PackageKey& key, const std::string& version, Day day) {
  ++counts_[{key, version, day}];
}

void DownloadTally::add(const DownloadCount& count) {
  counts_[{count.key, count.version, count.day}] += count.count;
}

std::vector<DownloadCount> DownloadTally::take() {
  std::vector<DownloadCount> out;
  out.reserve(counts_.size());
  for (const auto& [what, count] : counts_) {
    const auto& [key, version, day] = what;
    out.push_back({key, version, day, count});
  }
  counts_.clear();
  return out;
}

Task<> DownloadTally::flush(PackageStore& packages) {
  const auto batch = take();
  if (batch.empty()) co_return {};
  const auto written = co_await whole(packages.add_downloads(batch));
  if (!written)
    for (const auto& count : batch) add(count);
  co_return written;
}

}  // namespace kontor
