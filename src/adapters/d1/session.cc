// Looks and attempts: both run a function until it wants no more.
#include "adapters/d1/session.h"

namespace kontor::d1 {
namespace {

// A function asks in a few rounds; more mean that it never comes to an end.
constexpr int kMostRounds = 16;
// Each failed attempt means that another writer got through.
constexpr int kMostAttempts = 100;

Task<> fetch_into(Transcript& transcript, Bridge& bridge) {
  auto answers = co_await bridge.batch(transcript.questions());
  transcript.learn(std::move(answers));
  co_return {};
}

class FarLook final : public sqlite::Look {
 public:
  FarLook(Bridge& bridge, Entropy& entropy, Guesses& guesses)
      : bridge_(bridge), transcript_(entropy, guesses) {}

  sqlite::Connection& connection() override {
    transcript_.begin_run();
    return transcript_;
  }
  bool wants_more() const override { return transcript_.wants_more(); }
  Task<> fetch() override {
    if (++rounds_ > kMostRounds) return give_up();
    return fetch_into(transcript_, bridge_);
  }

 private:
  static Task<> give_up() { co_return fail(Code::storage_failed, {}, "d1: a query never ends"); }

  Bridge& bridge_;
  Transcript transcript_;
  int rounds_ = 0;
};

}  // namespace

std::unique_ptr<sqlite::Look> Session::begin_look() {
  return std::make_unique<FarLook>(bridge_, entropy_, guesses_);
}

bool Session::submit(std::unique_ptr<sqlite::Command> command) {
  std::erase_if(running_, [](const Task<>& task) { return task.done(); });
  running_.push_back(perform(std::move(command)));
  running_.back().start();
  return true;
}

Task<> Session::perform(std::unique_ptr<sqlite::Command> command) {
  for (int i = 0; i < kMostAttempts; ++i) {
    const auto stored = co_await whole(attempt(*command));
    if (!stored) {
      command->answer(&stored.error());
      co_return {};
    }
    if (*stored) {
      command->answer(nullptr);
      co_return {};
    }
  }
  const Error busy{Code::unavailable, {}, "d1: too many writers at once", 1};
  command->answer(&busy);
  co_return {};
}

Task<bool> Session::attempt(sqlite::Command& command) {
  Transcript transcript(entropy_, guesses_);
  bool fine = command.run(transcript);
  for (int round = 0; transcript.wants_more(); ++round) {
    if (round == kMostRounds) co_return fail(Code::storage_failed, {}, "d1: a command never ends");
    co_await fetch_into(transcript, bridge_);
    transcript.begin_run();
    fine = command.run(transcript);
  }
  if (!fine || !transcript.writes()) co_return true;  // what it found is the answer
  const auto stored = co_await whole(bridge_.batch(transcript.commit()));
  if (stored) co_return true;
  if (is_stale(stored.error())) co_return false;
  co_return std::unexpected(stored.error());
}

}  // namespace kontor::d1
