// Crash argument. A file gets its final name only after its bytes were synced, so that name never
// shows a file that is not whole; a crash before leaves a staged file, which the next start sweeps.
// Nobody is answered before the folder was synced after the naming, also where the blob existed:
// the commit that named it may not have synced yet.
#include "adapters/filesystem/commit_queue.h"

#include "adapters/filesystem/folder_sync.h"

namespace kontor::fs {

Result<void> CommitQueue::prepare() {
  for (const auto& path : {layout_.root, layout_.blobs(), layout_.root + "/ori",
                           layout_.ori_blobs(), layout_.staging()})
    if (auto made = make_folder(path); !made)
      return fail(made.error().code, {}, made.error().cause);
  for (const auto& name : names_in(layout_.staging())) remove_quietly(layout_.staged(name));
  if (auto synced = sync_folder(layout_.root + "/ori"); !synced) return synced;
  return sync_folder(layout_.root);
}

Task<> CommitQueue::commit(Workers& workers, Loop& home, std::string staged, Sha256 digest,
                           BlobPlace place) {
  Handoff<void> handoff(home);
  bool start = false;
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back({std::move(staged), digest, place, std::move(handoff.sender)});
    start = !std::exchange(draining_, true);
  }
  if (start && !workers.submit([this, &workers] { drain(workers); })) {
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

void CommitQueue::drain(Workers& workers) {
  for (auto batch = take(); !batch.empty(); batch = take()) commit_all(batch, workers);
}

// Names one file and notes the folders whose names have changed, those of new folders among them.
Result<void> CommitQueue::name(const Waiting& one, std::set<std::string>& folders) const {
  if (one.place == BlobPlace::common) {
    folders.insert(layout_.blobs());
    return move_unless_exists(one.staged, layout_.blob(one.digest));
  }
  const auto folder = layout_.ori_folder(one.digest), below = layout_.ori_subfolder(one.digest);
  const auto made = make_folder(folder);
  if (!made) return std::unexpected(made.error());
  const auto made_below = make_folder(below);
  if (!made_below) return std::unexpected(made_below.error());
  if (*made || !known_folders_.test(folder_of(one.digest))) folders.insert(layout_.ori_blobs());
  if (*made_below || !known_.test(subfolder_of(one.digest))) folders.insert(folder);
  folders.insert(below);
  return move_unless_exists(one.staged, layout_.ori_blob(one.digest));
}

void CommitQueue::commit_all(std::vector<Waiting>& batch, Workers& workers) {
  std::vector<Result<void>> named;
  std::set<std::string> folders;
  for (const auto& one : batch) named.push_back(name(one, folders));
  const auto synced = sync_folders({folders.begin(), folders.end()}, workers);
  for (std::size_t i = 0; i < batch.size(); ++i)
    if (synced && named[i] && batch[i].place == BlobPlace::ori) {
      known_folders_.set(folder_of(batch[i].digest));
      known_.set(subfolder_of(batch[i].digest));
    }
  for (std::size_t i = 0; i < batch.size(); ++i)
    batch[i].sender.send(synced ? std::move(named[i]) : synced);
}

}  // namespace kontor::fs
