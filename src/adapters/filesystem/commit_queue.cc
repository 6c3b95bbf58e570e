// Crash argument. A file gets its final name only after its bytes were synced, so that name never
// shows a file that is not whole; a crash before leaves a staged file, which the next start sweeps.
// Nobody is answered before the folder was synced after the naming, also where the blob existed:
// the commit that named it may not have synced yet.
#include "adapters/filesystem/commit_queue.h"

namespace kontor::fs {

Result<void> CommitQueue::prepare() {
  for (const auto& path : {layout_.root, layout_.blobs(), layout_.staging()})
    if (auto made = make_folder(path); !made)
      return fail(made.error().code, {}, made.error().cause);
  for (const auto& name : names_in(layout_.staging())) remove_quietly(layout_.staged(name));
  auto folder = open_for_reading(layout_.blobs());
  if (!folder) return fail(folder);
  folder_ = std::move(*folder);
  return sync_folder(layout_.root);
}

Task<> CommitQueue::commit(Workers& workers, Loop& home, std::string staged, Sha256 digest) {
  Handoff<void> handoff(home);
  bool start = false;
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back({std::move(staged), digest, std::move(handoff.sender)});
    start = !std::exchange(draining_, true);
  }
  if (start && !workers.submit([this] { drain(); })) {
    // Whoever has joined meanwhile is in the same case: nobody will come for them.
    std::vector<Waiting> refused;
    {
      const std::scoped_lock lock(mutex_);
      refused.swap(waiting_);
      draining_ = false;
    }
    for (auto& one : refused) one.sender.send(fail(Code::unavailable, {}, "worker queue full"));
  }
  Result<void> result = co_await handoff.receiver;
  co_return result;
}

std::vector<CommitQueue::Waiting> CommitQueue::take() {
  const std::scoped_lock lock(mutex_);
  auto batch = std::exchange(waiting_, {});
  draining_ = !batch.empty();
  return batch;
}

void CommitQueue::drain() {
  for (auto batch = take(); !batch.empty(); batch = take()) commit_all(batch);
}

void CommitQueue::commit_all(std::vector<Waiting>& batch) {
  std::vector<Result<void>> named;
  for (const auto& one : batch)
    named.push_back(move_unless_exists(one.staged, layout_.blob(one.digest)));
  const auto synced = sync_file(folder_);
  for (std::size_t i = 0; i < batch.size(); ++i)
    batch[i].sender.send(synced ? std::move(named[i]) : synced);
}

}  // namespace kontor::fs
