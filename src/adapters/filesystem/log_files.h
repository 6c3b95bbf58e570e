#pragma once
// LogFiles as a folder a log, each fit to be served by any file server:
//
//     log/public/checkpoint, vkey, state, tile/...   the log itself
//     log/public/staging/                            files on their way in; swept when a server starts
//
// Every call runs on the caller's thread: reads cost a few microseconds from the system's cache,
// writes wait for the disk and belong to a thread of their own.
#include "ports/log_files.h"

#include <string>

namespace kontor::fs {

class LogFolder final : public LogFiles {
 public:
  explicit LogFolder(std::string root) : root_(std::move(root)) {}

  // Creates the folders and removes what an earlier process left half written. Once a process.
  Result<void> prepare();

  Task<std::optional<Bytes>> read(LogId log, std::string path) override;
  Task<> create(LogId log, std::vector<LogFile> files) override;
  Task<> replace(LogId log, LogFile file) override;
  Task<> drop_partials(LogId log, std::vector<std::string> tiles) override;

 private:
  std::string folder(LogId log) const { return root_ + "/" + std::string(to_string(log)); }
  std::string staging(LogId log) const { return folder(log) + "/staging"; }
  Result<void> create_all(LogId log, const std::vector<LogFile>& files) const;
  Result<void> replace_one(LogId log, const LogFile& file) const;

  const std::string root_;  // without a final slash
};

}  // namespace kontor::fs
