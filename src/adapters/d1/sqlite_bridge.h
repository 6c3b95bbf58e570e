#pragma once
// For tests: a bridge to a SQLite file that does what D1 does with a batch, and can be told to
// fail.
#include "adapters/d1/bridge.h"
#include "adapters/sqlite/database.h"

#include <atomic>
#include <functional>
#include <mutex>

struct sqlite3;

namespace kontor::d1 {

// Any thread: batches run one after the other.
class SqliteBridge final : public Bridge {
 public:
  explicit SqliteBridge(const std::string& path);
  ~SqliteBridge() override;

  Task<std::vector<Rows>> batch(std::vector<Statement> statements) override;

  int batches() const { return batches_; }
  // The next batch does nothing and answers this.
  void fail_next(Error error) { next_error_ = std::move(error); }
  // Calls `act` when the batch comes that is so many from now (1: the next).
  void before_batch(int from_now, std::function<void()> act) {
    act_at_ = batches_ + from_now;
    act_ = std::move(act);
  }

 private:
  Result<std::vector<Rows>> run(const std::vector<Statement>& statements);
  Result<Rows> run_one(const Statement& statement);

  std::mutex mutex_;
  sqlite3* database_ = nullptr;
  std::atomic<int> batches_ = 0;
  std::optional<Error> next_error_;
  int act_at_ = 0;
  std::function<void()> act_;
};

}  // namespace kontor::d1
