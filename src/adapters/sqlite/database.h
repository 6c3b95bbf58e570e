#pragma once
// One SQLite file of one process: a writer thread and a reader a store. Write-ahead log, synced at
// every commit: what a write has answered is on disk.
//
// Memory: the writer and each reader keep up to 2 MiB of pages, 8 MiB the writer; what is not
// cached there comes from the operating system's cache by pread. The file is not mapped: an I/O
// error must be an answer, not a signal.
#include "adapters/sqlite/write_queue.h"
#include "base/task.h"
#include "ports/handoff.h"

#include <memory>
#include <string>

namespace kontor::sqlite {

struct DatabaseOptions {
  std::string path;
  Timestamp now;  // for the record of migrations
  WriteQueueOptions writer;
};

class Database {
 public:
  // Creates or migrates the file. unavailable where another version of Kontor owns it.
  static Result<std::unique_ptr<Database>> open(DatabaseOptions options);

  // Opens a file that is there and of this version, without changing its schema (else not_found or
  // unavailable). Read-only it is never written, and another process may be writing meanwhile.
  enum class Access { read_only, read_write };
  static Result<std::unique_ptr<Database>> open_existing(const std::string& path, Access access);

  // Runs `work` on the writer's thread in a transaction and yields its result on `home` once it is
  // on disk. `work` checks before it writes; it may be run several times and owns what it needs;
  // `touches` says which stamps it renews. unavailable where too many wait or the store is open for
  // reading only. Once queued it is done
  // even if the caller goes.
  template <class T>
  Task<T> write(Loop& home, std::move_only_function<Result<T>(Connection&)> work,
                ChangeStamps::Place touches = ChangeStamps::kEverything);

  // False where too many wait. Not where the store is open for reading only.
  bool submit(std::unique_ptr<Command> command) { return queue_->submit(std::move(command)); }

  // Does what is queued and refuses all writes after that. Before the loops that wait for answers
  // are destroyed; one thread, not a loop's.
  void stop() {
    if (queue_) queue_->stop();
  }
  bool read_only() const { return !queue_; }

  const ChangeStamps& stamps() const { return *stamps_; }

  // A connection for reading, for use on one thread.
  Result<std::unique_ptr<FileConnection>> open_reader() const;

 private:
  Database(std::string path, std::unique_ptr<ChangeStamps> stamps,
           std::unique_ptr<WriteQueue> queue)
      : path_(std::move(path)), stamps_(std::move(stamps)), queue_(std::move(queue)) {}

  const std::string path_;
  const std::unique_ptr<ChangeStamps> stamps_;
  std::unique_ptr<WriteQueue> queue_;  // none where the store is open for reading only
};

template <class T>
Task<T> Database::write(Loop& home, std::move_only_function<Result<T>(Connection&)> work,
                        ChangeStamps::Place touches) {
  Handoff<T> handoff(home);
  if (!queue_) co_return fail(Code::unavailable, {}, "the store is open for reading only");
  using Work = std::move_only_function<Result<T>(Connection&)>;
  const bool queued = submit(
      std::make_unique<WriteCommand<T, Work>>(std::move(work), std::move(handoff.sender), touches));
  if (!queued) co_return fail(Code::unavailable, {}, "too many writes are waiting");
  Result<T> result = co_await handoff.receiver;
  co_return result;
}

}  // namespace kontor::sqlite
