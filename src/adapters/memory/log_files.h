#pragma once
// LogFiles in memory: for tests. Every task finishes inline.
#include "ports/log_files.h"

#include <map>
#include <utility>

namespace kontor::memory {

class LogFolder final : public LogFiles {
 public:
  Task<std::optional<Bytes>> read(LogId log, std::string path) override {
    const auto it = files.find({log, std::move(path)});
    co_return it == files.end() ? std::nullopt : std::optional(it->second);
  }
  Task<> create(LogId log, std::vector<LogFile> created) override {
    for (const LogFile& file : created) {
      const auto it = files.find({log, file.path});
      if (it != files.end() && it->second != file.bytes) co_return fail(Code::conflict);
    }
    for (LogFile& file : created)
      files.try_emplace({log, std::move(file.path)}, std::move(file.bytes));
    co_return {};
  }
  Task<> replace(LogId log, LogFile file) override {
    files[{log, std::move(file.path)}] = std::move(file.bytes);
    co_return {};
  }
  Task<> drop_partials(LogId log, std::vector<std::string> tiles) override {
    for (const std::string& tile : tiles)
      std::erase_if(files, [&](const auto& entry) {
        return entry.first.first == log && entry.first.second.starts_with(tile + ".p/");
      });
    co_return {};
  }

  std::map<std::pair<LogId, std::string>, Bytes> files;
};

}  // namespace kontor::memory
