#pragma once
// The files of the logs as objects "log/<name>/<path>": those of the public log in the bucket that
// anybody may read, those of the others in the private one.
#include "apps/edge/host.h"
#include "ports/log_files.h"

namespace kontor::edge {

class R2LogFiles final : public LogFiles {
 public:
  explicit R2LogFiles(Host& host) : host_(host) {}
  Task<std::optional<Bytes>> read(LogId log, std::string path) override;
  Task<> create(LogId log, std::vector<LogFile> files) override;
  Task<> replace(LogId log, LogFile file) override;
  Task<> drop_partials(LogId log, std::vector<std::string> tiles) override;

 private:
  Host& host_;
};

}  // namespace kontor::edge
