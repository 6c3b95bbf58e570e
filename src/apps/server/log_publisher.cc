// One round integrates and signs each log in turn; a log that fails does not keep the others back.
#include "apps/server/log_publisher.h"

#include "apps/server/run_blocking.h"

namespace kontor {

Result<std::unique_ptr<LogPublisher>> LogPublisher::open(sqlite::Database& database,
                                                         const std::string& folder,
                                                         signing::KeyRing& keys, Log& log) {
  std::unique_ptr<LogPublisher> publisher(new LogPublisher(folder, keys, log));
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

LogPublisher::LogPublisher(const std::string& folder, signing::KeyRing& keys, Log& log)
    : files_(folder),
      signer_(keys),
      rounds_({loop_, log, "log_not_published", [this] { return publish_all(); }}) {}

LogPublisher::~LogPublisher() {
  loop_.stop();
}

Task<> LogPublisher::open_logs() {
  for (const LogId log : kLogs)
    logs_.push_back(co_await Integrator::open({*store_, files_, signer_}, log));
  co_return co_await whole(publish_all());
}

Task<> LogPublisher::publish_all() {
  Result<void> outcome;
  for (auto& log : logs_)
    if (auto done = co_await whole(log->publish()); !done) outcome = fail(done);
  co_return outcome;
}

}  // namespace kontor
