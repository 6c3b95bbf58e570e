// One round integrates and signs each log in turn; a log that fails, or whose witnesses are away,
// does not keep the others back.
#include "apps/server/log_publisher.h"

#include "apps/server/run_blocking.h"
#include "registry/log/log_facts.h"

#include <fstream>

namespace kontor {
namespace {

// Witnesses are asked one after the other.
constexpr std::size_t kCallers = 1;
constexpr std::size_t kWaitingCalls = 4;

}  // namespace

Result<tlog::Policy> read_witness_policy(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Bytes text(tlog::kMaxPolicyBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && file.gcount() == 0)
    return fail(Code::bad_request,
                "The file " + path + " of transparency.witnesses cannot be read.");
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto policy = tlog::parse_policy(text);
  if (!policy) return fail(Code::bad_request, path + ": " + std::string(policy.error().message()));
  return policy;
}

Result<std::unique_ptr<LogPublisher>> LogPublisher::open(Parts parts) {
  sqlite::Database& database = parts.database;
  std::unique_ptr<LogPublisher> publisher(new LogPublisher(std::move(parts)));
  if (auto prepared = publisher->files_.prepare(); !prepared) return fail(prepared);
  auto session = sqlite::LocalSession::open(database, publisher->loop_);
  if (!session) return fail(session);
  publisher->session_ = std::move(*session);
  publisher->store_ = std::make_unique<sqlite::LogStore>(*publisher->session_);
  publisher->loop_.start();
  auto opened =
      run_blocking<void>(publisher->loop_, [self = publisher.get()] { return self->open_logs(); });
  if (!opened) return fail(opened);
  return publisher;
}

LogPublisher::LogPublisher(Parts parts)
    : progress_(parts.progress),
      log_(parts.log),
      witnesses_(std::move(parts.witnesses)),
      files_(parts.folder),
      signer_(std::move(parts.signer)),
      callers_(kCallers, kWaitingCalls),
      caller_(callers_, loop_),
      rounds_({loop_, parts.log, "log_not_published", [this] { return publish_all(); }}) {}

void LogPublisher::stop() {
  callers_.stop();
  loop_.stop();
}

// Null where the log waits for nobody.
Task<Cosigner*> LogPublisher::cosigner_of(LogId log) {
  const auto origin = (co_await signer_->log_keys(log)).at(0).name;
  if (!waits_for_witnesses(witnesses_, log, origin)) co_return nullptr;
  cosigners_.push_back(std::make_unique<Cosigner>(witnesses_, caller_, ed25519_));
  co_return cosigners_.back().get();
}

Task<> LogPublisher::open_logs() {
  for (const LogId log : kLogs) {
    Cosigner* const cosigner = co_await cosigner_of(log);
    logs_.push_back(co_await Integrator::open({*store_, files_, *signer_, cosigner}, log));
    Integrator& opened = *logs_.back();
    progress_.set_size(log, opened.published());
    // One step, so that a store has a checkpoint when it first answers; a long backlog (of an
    // import, say) is for the rounds, and the start does not wait for it.
    if (!cosigner) {
      co_await opened.integrate();
      co_await opened.sign();
    }
    progress_.set_size(log, opened.published());
  }
  co_return {};
}

Task<> LogPublisher::publish_all() {
  Result<void> outcome;
  for (auto& log : logs_) {
    progress_.begin_change(log->log());
    if (auto done = co_await whole(log->publish()); !done) outcome = fail(done);
    progress_.end_change(log->log());
    progress_.set_size(log->log(), log->published());
    if (const auto& waits = log->waits_for())
      log_.write(LogLevel::warn, "log_waits_for_witnesses",
                 {{"log", std::string(to_string(log->log()))},
                  {"problem", std::string(waits->message())}});
  }
  co_return outcome;
}

Result<void> LogPublisher::tell(Timestamp now, const std::shared_ptr<const Settings>& settings) {
  return run_blocking<void>(loop_, [this, now, settings] { return tell_all(now, settings); });
}

Task<> LogPublisher::tell_all(Timestamp now, std::shared_ptr<const Settings> settings) {
  auto keys = co_await registry_keys({*signer_, *signer_, *signer_});
  co_await tell_keys(*store_, now, std::move(keys));
  co_await tell_policy(*store_, now, *settings);
  co_return {};
}

}  // namespace kontor
