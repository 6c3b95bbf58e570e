#pragma once
// LogStore on SQLite. Reads run on the caller's thread: find_publish() is two point queries,
// entries() costs about a microsecond a leaf, size() one look.
#include "adapters/sqlite/session.h"
#include "ports/log_store.h"

namespace kontor::sqlite {

class LogStore final : public kontor::LogStore {
 public:
  explicit LogStore(Session& session) : session_(session) {}

  Task<std::uint64_t> size(LogId log) override;
  Task<std::vector<Bytes>> entries(LogId log, std::uint64_t first, std::uint32_t count) override;
  Task<std::optional<LogPlace>> find_publish(PackageKey key, std::string version) override;
  Task<std::uint32_t> tell(Timestamp at, std::vector<Fact> facts) override;

 private:
  Session& session_;
};

}  // namespace kontor::sqlite
