// The logs are opened by the first round, and again by the next one where that failed.
#include "apps/edge/log_rounds.h"

#include "apps/edge/setting_files.h"
#include "registry/log/log_facts.h"

namespace kontor::edge {

Task<> LogRounds::run() {
  if (logs_.empty()) co_await begin();
  Result<void> outcome;
  for (const auto& log : logs_) {
    if (auto done = co_await whole(log->publish()); !done)
      outcome = fail(done);
    else if (const auto& waits = log->waits_for())
      outcome = std::unexpected(*waits);
  }
  co_return outcome;
}

Task<> LogRounds::begin() {
  co_await tell();
  if (!parts_.witnesses.empty()) {
    const Bytes text = co_await read_setting_file(parts_.host, parts_.witnesses);
    witnesses_ = co_await tlog::parse_policy(text);
  }
  cosigners_.clear();
  std::vector<std::unique_ptr<Integrator>> logs;
  for (const LogId log : kLogs) {
    Cosigner* const cosigner = co_await cosigner_of(log);
    const LogParts parts{parts_.store, parts_.files, parts_.signer, cosigner};
    logs.push_back(co_await Integrator::open(parts, log));
  }
  logs_ = std::move(logs);
  co_return {};
}

Task<> LogRounds::tell() {
  const Timestamp now = parts_.registry.clock.now();
  auto keys = co_await registry_keys({parts_.signer, parts_.signer, parts_.releases});
  co_await tell_keys(parts_.store, now, std::move(keys));
  co_await tell_policy(parts_.store, now, *parts_.registry.settings);
  co_return {};
}

// Null where the log waits for nobody.
Task<Cosigner*> LogRounds::cosigner_of(LogId log) {
  const auto origin = (co_await parts_.signer.log_keys(log)).at(0).name;
  if (!waits_for_witnesses(witnesses_, log, origin)) co_return nullptr;
  cosigners_.push_back(std::make_unique<Cosigner>(witnesses_, caller_, ed25519_));
  co_return cosigners_.back().get();
}

}  // namespace kontor::edge
