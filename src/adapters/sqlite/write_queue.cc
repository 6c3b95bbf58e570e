// No savepoint guards each command: the full-text index would write out its pending words at each
// of them. Commands check before they write, so one that fails has written nothing and needs no
// undoing. Where one fails half-way all the same (a full disk, a broken file), the batch is rolled
// back and each command gets a transaction of its own.
#include "adapters/sqlite/write_queue.h"

#include <sqlite3.h>

namespace kontor::sqlite {

WriteQueue::WriteQueue(std::unique_ptr<FileConnection> connection, ChangeStamps& stamps,
                       WriteQueueOptions options)
    : options_(options), connection_(std::move(connection)), stamps_(stamps) {
  sqlite3_wal_hook(
      connection_->raw(),
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<WriteQueue*>(self)->log_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  thread_ = std::thread([this] { loop(); });
}

void WriteQueue::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool WriteQueue::submit(std::unique_ptr<Command> command) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_ || waiting_.size() >= options_.max_waiting) return false;
    waiting_.push_back(std::move(command));
  }
  changed_.notify_one();
  return true;
}

WriteQueue::Batch WriteQueue::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (waiting_.size() <= options_.max_batch) return std::exchange(waiting_, {});
  Batch batch;
  for (std::size_t i = 0; i < options_.max_batch; ++i) {
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

void WriteQueue::loop() {
  for (Batch batch = take(); !batch.empty(); batch = take()) {
    run_batch(batch);
    if (log_pages_ >= options_.checkpoint_pages) checkpoint();
  }
}

void WriteQueue::run_batch(Batch& batch) {
  Result<void> outcome;
  if (run_together(batch, outcome)) {
    for (auto& command : batch) command->answer(outcome ? nullptr : &outcome.error());
  } else {
    for (auto& command : batch) run_alone(*command);
  }
}

// False where the commands must be run again, each alone. `outcome` tells of BEGIN and COMMIT.
bool WriteQueue::run_together(Batch& batch, Result<void>& outcome) {
  outcome = connection_->run("BEGIN IMMEDIATE");
  if (!outcome) return true;
  for (auto& command : batch) {
    const auto before = connection_->total_changed_rows();
    if (command->run(*connection_)) continue;
    const bool clean = connection_->in_transaction() && connection_->total_changed_rows() == before;
    if (clean) continue;
    if (connection_->in_transaction()) (void)connection_->run("ROLLBACK");
    return false;
  }
  for (const auto& command : batch) stamps_.begin(command->touches);
  outcome = connection_->run("COMMIT");
  if (!outcome && connection_->in_transaction()) (void)connection_->run("ROLLBACK");
  for (const auto& command : batch) stamps_.end(command->touches);
  // A batch too big for what is left of the disk may fit in part.
  return outcome || batch.size() == 1;
}

void WriteQueue::run_alone(Command& command) {
  auto outcome = connection_->run("BEGIN IMMEDIATE");
  if (outcome) {
    const bool fine = command.run(*connection_) && connection_->in_transaction();
    stamps_.begin(command.touches);
    if (fine) outcome = connection_->run("COMMIT");
    if (connection_->in_transaction()) (void)connection_->run("ROLLBACK");
    stamps_.end(command.touches);
  }
  command.answer(outcome ? nullptr : &outcome.error());
}

// Readers may hold parts of the log back; those are copied the next time.
void WriteQueue::checkpoint() {
  int left = 0;
  sqlite3_wal_checkpoint_v2(connection_->raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &left, nullptr);
  log_pages_ = 0;
}

}  // namespace kontor::sqlite
