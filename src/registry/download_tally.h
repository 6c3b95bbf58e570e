#pragma once
// Downloads counted in memory and written in batches (row ANA-01): counting never delays an answer,
// and a crash loses no more than what was counted since the last flush.
#include "base/task.h"
#include "ports/package_store.h"

#include <map>
#include <string>
#include <tuple>

namespace kontor {

// One a loop. The host calls flush() every few seconds and when it stops.
class DownloadTally {
 public:
  void count(const PackageKey& key, const std::string& version, Day day);
  // Keeps whose it was, besides. Of more than 10,000 between two flushes the rest is not kept.
  void record(DownloadRecord record);
  // Takes what was counted so far, in the order of keys.
  std::vector<DownloadCount> take();
  bool empty() const { return counts_.empty() && records_.empty(); }

  // Writes what was counted and recorded. On failure it is kept for the next batch.
  Task<> flush(PackageStore& packages);

 private:
  void add(const DownloadCount& count);
  Task<> flush_counts(PackageStore& packages);
  Task<> flush_records(PackageStore& packages);

  std::map<std::tuple<PackageKey, std::string, Day>, std::uint64_t> counts_;
  std::vector<DownloadRecord> records_;
};

}  // namespace kontor
