#pragma once
// What goes into the transparency logs, as values shared by commands, queries and the integrator.
#include "domain/ids.h"
#include "tlog/leaf.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor {

// The numbers are stored.
enum class LogId : std::uint8_t {
  open = 1,        // changes of packages that everybody may see
  restricted = 2,  // changes of all others
  audit = 3,       // administration and security
};

inline constexpr std::array kLogs = {LogId::open, LogId::restricted, LogId::audit};

// As addresses, origins and files spell it.
constexpr std::string_view to_string(LogId log) {
  return log == LogId::open ? "public" : log == LogId::restricted ? "private" : "audit";
}

constexpr std::optional<LogId> parse_log(std::string_view text) {
  for (const LogId log : kLogs)
    if (to_string(log) == text) return log;
  return std::nullopt;
}

// A leaf that is committed. A log's indexes have no gaps, and their order is that of the commits.
struct LogPlace {
  LogId log = LogId::open;
  std::uint64_t index = 0;
  bool operator==(const LogPlace&) const = default;
};

// Who did it. Without a user it was the registry itself, by the job that `credential` names.
struct LogAuthor {
  std::optional<UserId> user;
  tlog::Credential credential;
};

// A leaf in the making. The store adds the index, the accounts of the users, where a tag pointed
// before, and the time: that of the command, or of the leaf before it where the clock has gone
// back.
struct LogEvent {
  LogId log = LogId::open;
  tlog::Event event;
  LogAuthor by;
  std::optional<UserId> about;  // whose account an OwnerEvent or TokenEvent names
};

}  // namespace kontor
