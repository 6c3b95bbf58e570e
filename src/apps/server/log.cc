// Fields are rendered here; time, level, sinks and flushing are spdlog's.
#include "apps/server/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace kontor {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::trace: return spdlog::level::trace;
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warn: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: return spdlog::level::off;
  }
  return spdlog::level::info;
}

void append_escaped(fmt::memory_buffer& out, std::string_view text) {
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out.push_back(c);
    }
  }
}

void append_value(fmt::memory_buffer& out, const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    out.push_back('"');
    append_escaped(out, *text);
    out.push_back('"');
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *number);
  } else {
    fmt::format_to(std::back_inserter(out), "{}", std::get<bool>(field.value));
  }
}

constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %-5l %v";

}  // namespace

Log::Log(LogLevel level, LogFormat format)
    : logger_(std::make_shared<spdlog::logger>(
          "kontor", std::make_shared<spdlog::sinks::stdout_sink_mt>())),
      format_(format) {
  logger_->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      format == LogFormat::json ? kJsonPattern : kTextPattern, spdlog::pattern_time_type::utc));
  logger_->flush_on(spdlog::level::warn);
  set_level(level);
}

Log::~Log() { flush(); }

void Log::set_level(LogLevel level) { logger_->set_level(to_spdlog(level)); }

bool Log::enabled(LogLevel level) const { return logger_->should_log(to_spdlog(level)); }

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!enabled(level)) return;
  const bool json = format_ == LogFormat::json;
  fmt::memory_buffer out;
  if (json) fmt::format_to(std::back_inserter(out), "\"event\":\"{}\"", event);
  else fmt::format_to(std::back_inserter(out), "{}", event);
  for (const auto& field : fields) {
    if (json) fmt::format_to(std::back_inserter(out), ",\"{}\":", field.name);
    else fmt::format_to(std::back_inserter(out), " {}=", field.name);
    append_value(out, field);
  }
  logger_->log(to_spdlog(level), std::string_view(out.data(), out.size()));
}

void Log::flush() { logger_->flush(); }

}  // namespace kontor
