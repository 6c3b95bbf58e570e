// Why a sweep can only remove what nobody is about to name. A writer pins its blob before the blob
// is named. If the removal comes first, the blob is named anew afterwards, from the writer's own
// copy; if the pin comes first, the sweep sees it.
#include "adapters/filesystem/blobs_in_use.h"

namespace kontor::fs {

BlobsInUse::Pin BlobsInUse::pin(const Sha256& digest) {
  const std::scoped_lock lock(mutex_);
  ++pinned_[digest];
  for (Sweep* sweep : sweeps_) sweep->seen_.insert(digest);
  return Pin(*this, digest);
}

void BlobsInUse::unpin(const Sha256& digest) {
  const std::scoped_lock lock(mutex_);
  const auto it = pinned_.find(digest);
  if (--it->second == 0) pinned_.erase(it);
}

BlobsInUse::Sweep::Sweep(BlobsInUse& in_use) : in_use_(in_use) {
  const std::scoped_lock lock(in_use_.mutex_);
  for (const auto& [digest, count] : in_use_.pinned_) seen_.insert(digest);
  in_use_.sweeps_.push_back(this);
}

BlobsInUse::Sweep::~Sweep() {
  const std::scoped_lock lock(in_use_.mutex_);
  std::erase(in_use_.sweeps_, this);
}

bool BlobsInUse::Sweep::protects(const Sha256& digest) const {
  const std::scoped_lock lock(in_use_.mutex_);
  return seen_.contains(digest);
}

bool BlobsInUse::Sweep::remove(const Sha256& digest, const std::function<bool()>& remove) {
  const std::scoped_lock lock(in_use_.mutex_);
  return !seen_.contains(digest) && remove();
}

}  // namespace kontor::fs
