// Whoever is free takes the next folder. A helper that comes when all are taken has nothing to do,
// and nobody waits for it.
#include "adapters/filesystem/folder_sync.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace kontor::fs {
namespace {

constexpr std::size_t kMostHelpers = 7;

class Syncing {
 public:
  explicit Syncing(std::vector<std::string> folders)
      : folders_(std::move(folders)), left_(folders_.size()) {}

  void work() {
    std::unique_lock lock(mutex_);
    while (next_ < folders_.size()) {
      const std::string& folder = folders_[next_++];
      lock.unlock();
      auto synced = sync_folder(folder);
      lock.lock();
      if (!synced && outcome_) outcome_ = std::move(synced);
      if (--left_ == 0) done_.notify_all();
    }
  }

  Result<void> wait() {
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return left_ == 0; });
    return outcome_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  const std::vector<std::string> folders_;
  std::size_t next_ = 0;
  std::size_t left_;
  Result<void> outcome_;
};

}  // namespace

Result<void> sync_folders(std::vector<std::string> folders, Workers& workers) {
  if (folders.size() == 1) return sync_folder(folders.front());
  const std::size_t helpers = std::min(kMostHelpers, std::max<std::size_t>(folders.size(), 1) - 1);
  const auto syncing = std::make_shared<Syncing>(std::move(folders));
  for (std::size_t i = 0; i < helpers; ++i)
    if (!workers.submit([syncing] { syncing->work(); })) break;
  syncing->work();
  return syncing->wait();
}

}  // namespace kontor::fs
