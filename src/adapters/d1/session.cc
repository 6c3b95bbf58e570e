// Looks and attempts: both run a function until it wants no more.
#include "adapters/d1/session.h"

namespace kontor::d1 {
namespace {

// A function asks in a few rounds; more mean that it never comes to an end.
constexpr int kMostRounds = 16;
// Each failed attempt means that another writer got through.
constexpr int kMostAttempts = 200;

}  // namespace

class Session::FarLook final : public sqlite::Look {
 public:
  explicit FarLook(Session& session)
      : session_(session), transcript_(session.entropy_, session.memory_, session.guesses_) {}

  sqlite::Connection& connection() override {
    transcript_.begin_run();
    return transcript_;
  }
  bool wants_more() const override {
    if (!session_.rehearsing_) return transcript_.wants_more();
    session_.note(transcript_);
    return false;
  }
  Task<> fetch() override {
    if (++rounds_ > kMostRounds) return give_up();
    return session_.fetch(transcript_.asked());
  }

 private:
  static Task<> give_up() { co_return fail(Code::storage_failed, {}, "d1: a query never ends"); }

  Session& session_;
  Transcript transcript_;
  int rounds_ = 0;
};

void Session::begin_request() {
  memory_ = {};
  remembers_ = true;
}

void Session::begin() {
  rehearsing_ = true;
  lacks_ = false;
}

void Session::end() {
  rehearsing_ = false;
  if (lacks_) memory_.forget();
}

void Session::note(const Transcript& transcript) {
  lacks_ = lacks_ || transcript.wants_more();
  memory_.foresee(transcript.asked());
}

Task<> Session::fetch(std::vector<Question> asked) {
  const auto questions = memory_.next_batch(std::move(asked));
  std::vector<Statement> statements;
  for (const auto& question : questions) statements.push_back(quoted(question.statement));
  auto answers = co_await bridge_.batch(std::move(statements));
  memory_.learn(questions, std::move(answers), guesses_);
  co_return {};
}

std::unique_ptr<sqlite::Look> Session::begin_look() {
  if (!remembers_) memory_.forget();
  return std::make_unique<FarLook>(*this);
}

bool Session::submit(std::unique_ptr<sqlite::Command> command) {
  if (rehearsing_) {
    Transcript transcript(entropy_, memory_, guesses_);
    command->run(transcript);
    note(transcript);
    return true;
  }
  std::erase_if(running_, [](const Task<>& task) { return task.done(); });
  running_.push_back(perform(std::move(command)));
  running_.back().start();
  return true;
}

Task<> Session::perform(std::unique_ptr<sqlite::Command> command) {
  if (!remembers_) memory_.forget();
  for (int i = 0; i < kMostAttempts; ++i) {
    const auto stored = co_await whole(attempt(*command));
    memory_.forget();
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
  Transcript transcript(entropy_, memory_, guesses_);
  bool commits = false;
  for (int round = 0;; ++round) {
    transcript.begin_run();
    commits = command.run(transcript) && transcript.writes();
    // No guard looks at what was remembered where nothing is written: that is asked anew.
    if (!transcript.wants_more() && (commits || round > 0)) break;
    if (round == kMostRounds) co_return fail(Code::storage_failed, {}, "d1: a command never ends");
    co_await fetch(transcript.asked());
  }
  if (!commits) co_return true;  // what it found is the answer
  const auto stored = co_await whole(bridge_.batch(transcript.commit()));
  if (stored) co_return true;
  if (is_stale(stored.error())) co_return false;
  co_return std::unexpected(stored.error());
}

}  // namespace kontor::d1
