#pragma once
// The files of the logs as objects "log/<name>/<path>" of the bucket that holds the blobs.
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
  Task<std::optional<Bytes>> read_key(std::string key);
  Host& host_;
};

}  // namespace kontor::edge
