// A map of counters, emptied by each flush.
#include "registry/download_tally.h"

#include <utility>

namespace kontor {
namespace {

constexpr std::size_t kMostRecords = 10'000;

}  // namespace

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

void DownloadTally::record(DownloadRecord record) {
  if (records_.size() < kMostRecords) records_.push_back(std::move(record));
}

Task<> DownloadTally::flush(PackageStore& packages) {
  co_await flush_counts(packages);
  co_await flush_records(packages);
  co_return {};
}

Task<> DownloadTally::flush_records(PackageStore& packages) {
  auto batch = std::exchange(records_, {});
  if (batch.empty()) co_return {};
  const auto written = co_await whole(packages.add_download_records(batch));
  if (!written)
    for (auto& one : batch) record(std::move(one));
  co_return written;
}

Task<> DownloadTally::flush_counts(PackageStore& packages) {
  const auto batch = take();
  if (batch.empty()) co_return {};
  const auto written = co_await whole(packages.add_downloads(batch));
  if (!written)
    for (const auto& count : batch) add(count);
  co_return written;
}

}  // namespace kontor
