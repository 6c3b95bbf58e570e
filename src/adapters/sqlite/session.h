#pragma once
// One loop's share of a database. The stores of that loop stand on one session; what each query
// costs at worst stands at the stores.
#include "adapters/sqlite/command.h"

#include <memory>
#include <type_traits>

namespace kontor::sqlite {

// A function that reads, on its way to its result where the database is far away: its connection
// has some of the answers, and fetches what is missing.
class Look {
 public:
  virtual ~Look() = default;
  virtual Connection& connection() = 0;
  // Whether the last run of the function asked what is not here yet.
  virtual bool wants_more() const = 0;
  // Fetches that; all answers are then of one state of the store.
  virtual Task<> fetch() = 0;
};

class Session {
 public:
  virtual ~Session() = default;
  Session(const Session&) = delete;

  // Runs `work`, callable as Result<T>(Connection&), which only reads and sees one state of the
  // store. On this machine it runs once and at once, on the loop's own thread.
  template <class Work>
  auto read(Work work) -> Task<typename std::invoke_result_t<Work&, Connection&>::value_type> {
    if (reader_) co_return work(*reader_);
    const auto look = begin_look();
    for (;;) {
      auto result = work(look->connection());
      if (!look->wants_more()) co_return result;
      co_await look->fetch();
    }
  }

  // Runs `work`, callable as Result<T>(Connection&), in a transaction and yields its result once
  // that is durable. It checks before it writes, may run several times and owns what it needs;
  // `touches` says which stamps it renews. unavailable where too many wait or the store is open for
  // reading only. Once begun it is done even if the caller goes.
  template <class T, class Work>
  Task<T> write(Work work, ChangeStamps::Place touches = ChangeStamps::kEverything) {
    Handoff<T> handoff(home_);
    if (read_only()) co_return fail(Code::unavailable, {}, "the store is open for reading only");
    const bool begun = submit(std::make_unique<WriteCommand<T, Work>>(
        std::move(work), std::move(handoff.sender), touches));
    if (!begun) co_return fail(Code::unavailable, {}, "too many writes are waiting");
    Result<T> result = co_await handoff.receiver;
    co_return result;
  }

  virtual bool read_only() const { return false; }
  // Nothing where this session keeps no stamps.
  virtual std::optional<std::uint64_t> stamp(ChangeStamps::Place /*place*/) const {
    return std::nullopt;
  }

  // Goes on when the loop has done what waits: for long work that queries in small steps.
  Task<> next_turn() {
    Handoff<void> turn(home_);
    turn.sender.send({});
    co_await turn.receiver;
    co_return {};
  }

 protected:
  // `reader`: where all answers are on this machine; else null, and begin_look() makes a look.
  Session(Loop& home, Connection* reader) : home_(home), reader_(reader) {}
  virtual std::unique_ptr<Look> begin_look() { return nullptr; }
  virtual bool submit(std::unique_ptr<Command> command) = 0;

 private:
  Loop& home_;
  Connection* const reader_;
};

}  // namespace kontor::sqlite
