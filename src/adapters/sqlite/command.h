#pragma once
// A write, as it waits for the one who writes.
#include "adapters/sqlite/change_stamps.h"
#include "adapters/sqlite/connection.h"
#include "ports/handoff.h"

namespace kontor::sqlite {

class Command {
 public:
  virtual ~Command() = default;
  // May be called several times, each time in a transaction that holds nothing of the earlier ones.
  // False where it failed; then it should have written nothing, or others that are run with it are
  // run again one by one.
  virtual bool run(Connection& connection) = 0;
  // Keeps the outcome of the last run() where nothing is given; otherwise nothing was stored,
  // because of this. Exactly once, after all runs and on their thread.
  virtual void answer(const Error* failure) = 0;

  ChangeStamps::Place touches = ChangeStamps::kEverything;  // what it may change
};

// `Work` is callable as Result<T>(Connection&), as often as run() is.
template <class T, class Work>
class WriteCommand final : public Command {
 public:
  WriteCommand(Work work, HandoffSender<T> sender, ChangeStamps::Place place)
      : work_(std::move(work)), sender_(std::move(sender)) {
    touches = place;
  }
  bool run(Connection& connection) override {
    result_ = work_(connection);
    return result_.has_value();
  }
  void answer(const Error* failure) override {
    if (failure) result_ = std::unexpected(*failure);
    sender_.send(std::move(result_));
  }

 private:
  Work work_;
  HandoffSender<T> sender_;
  Result<T> result_ = fail(Code::internal);
};

}  // namespace kontor::sqlite
