#pragma once
// What a monitor keeps between its runs: how far it has examined the log, and the alarms that the
// webhook has not taken yet. One JSON file, replaced whole.
#include "tlog/proof.h"

#include "logclient/watch_rules.h"

#include <optional>
#include <string>
#include <vector>

namespace kontor::cli {

struct MonitorState {
  std::optional<tlog::Head> examined;  // nothing: never
  std::string fault;  // what was wrong with the log when last looked; empty: nothing
  std::vector<logclient::Alarm> pending;  // in the order of their finding

  // Without a file the state of a first run; storage_failed where the file is damaged.
  static Result<MonitorState> read(const std::string& path);
  // Durable on success.
  Result<void> write(const std::string& path) const;
};

}  // namespace kontor::cli
