#pragma once
// One loop's share of a database: its reader and its way to the writer. The stores of that loop
// stand on one session. Queries run on the loop's own thread; what each costs at worst stands at
// the stores.
#include "adapters/sqlite/database.h"

namespace kontor::sqlite {

class Session {
 public:
  static Result<std::unique_ptr<Session>> open(Database& database, Loop& home) {
    auto reader = database.open_reader();
    if (!reader) return fail(reader);
    return std::unique_ptr<Session>(new Session(database, home, std::move(*reader)));
  }

  Connection& reader() { return *reader_; }
  bool read_only() const { return database_.read_only(); }
  template <class T>
  Task<T> write(std::move_only_function<Result<T>(Connection&)> work,
                ChangeStamps::Place touches = ChangeStamps::kEverything) {
    return database_.write<T>(home_, std::move(work), touches);
  }
  const ChangeStamps& stamps() const { return database_.stamps(); }

  // Goes on when the loop has done what waits: for long work that queries in small steps.
  Task<> next_turn() {
    Handoff<void> turn(home_);
    turn.sender.send({});
    co_await turn.receiver;
    co_return {};
  }

 private:
  Session(Database& database, Loop& home, std::unique_ptr<Connection> reader)
      : database_(database), home_(home), reader_(std::move(reader)) {}

  Database& database_;
  Loop& home_;
  std::unique_ptr<Connection> reader_;
};

}  // namespace kontor::sqlite
