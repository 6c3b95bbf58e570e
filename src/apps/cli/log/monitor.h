#pragma once
// A monitor of one log: each round verifies that the log continues, reads what is new, and compares
// it with the rules (logclient/watch_rules.h) and with what the registry serves.
#include "apps/cli/log/monitor_state.h"
#include "apps/cli/log/session.h"

#include "logclient/full_read.h"

#include <memory>
#include <optional>

namespace kontor::cli {

struct MonitorOptions {
  std::string log = "public";
  std::string state_file;  // empty: monitor.json beside the pinned key
  logclient::Watched watched;
};

class Monitor {
 public:
  // The client and the context outlive the monitor.
  Monitor(const CommandContext& context, RegistryClient& client, MonitorOptions options)
      : context_(context),
        client_(client),
        options_(std::move(options)),
        source_(client, options_.log) {}

  struct Round {
    std::uint64_t size = 0;                // of the log; 0 where it could not be believed
    std::vector<logclient::Alarm> alarms;  // new ones
    bool faulty = false;  // the log cannot be believed, whether that is news or not
  };
  // What was found is kept as pending before this returns. An error means that nothing was found
  // out: the registry does not answer, or no key is pinned.
  //
  // Rules besides those of WatchRules: inconsistent (the log does not continue, or is damaged),
  // served_otherwise (a packument or archive contradicts the log), time_ahead (an entry is later
  // than the newest cosignature).
  Result<Round> round();

  // Alarms that wait for delivery, oldest first.
  Result<std::vector<logclient::Alarm>> pending();
  // The oldest ones are delivered. Durable on success.
  Result<void> delivered(std::size_t count = 1);

 private:
  class Reading;  // what is kept in memory of the entries read so far

  Result<Round> examine(LogSession& session);
  Result<Round> keep_fault(const Error& error);
  Result<void> check_releases(Round& round);
  void check_time(LogSession& session, Round& round) const;
  Result<void> load();

  const CommandContext& context_;
  RegistryClient& client_;
  MonitorOptions options_;
  RegistryLog source_;
  std::optional<MonitorState> state_;
  std::shared_ptr<Reading> reading_;
};

}  // namespace kontor::cli
