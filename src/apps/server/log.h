#pragma once
// Structured logging: one event name and named fields a line, as JSON or text, through spdlog.
// Secrets never come here: callers log names, ids and codes, not headers or bodies.
#include "apps/server/config/config.h"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace kontor {

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, bool> value;

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
  template <std::integral T>
  LogField(std::string_view n, T v) : name(n), value(static_cast<std::int64_t>(v)) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
};

// The wall clock as lines show it; makes a text only once a second. One thread's.
class LogClock {
 public:
  void append_now(std::string& out);

 private:
  std::int64_t second_ = -1;
  std::string text_;  // of that second, up to the point
};

// Any thread. Lines are whole; warnings and errors are flushed at once, others within a second.
class Log {
 public:
  Log(LogLevel level, LogFormat format);
  ~Log();

  void set_level(LogLevel level);
  bool enabled(LogLevel level) const;
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);
  void flush();

  // Appends the line that write() would write to `out`, whatever the level; for write_lines().
  void append_line(std::string& out, LogClock& clock, LogLevel level, std::string_view event,
                   std::initializer_list<LogField> fields) const;
  // Writes whole lines and flushes them.
  void write_lines(std::string_view lines);

 private:
  std::shared_ptr<spdlog::logger> logger_;
  LogFormat format_;
};

}  // namespace kontor
