// Fields are rendered here; time, level, sinks and flushing are spdlog's.
#include "apps/server/log.h"

#include "base/time.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <cstdio>

namespace kontor {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::trace:
      return spdlog::level::trace;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F;
}

// Looks at all without a branch: nearly every text is plain.
bool is_plain(std::string_view text) {
  unsigned found = 0;
  for (const unsigned char byte : text) found |= static_cast<unsigned>(needs_escape(byte));
  return found == 0;
}

void append_escaped(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out.append(text);
    return;
  }
  std::size_t clean = 0;  // characters before this one are in `out`
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (!needs_escape(byte)) continue;
    out.append(text.substr(clean, i - clean));
    clean = i + 1;
    if (byte == '"' || byte == '\\')
      (out += '\\') += text[i];
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
  }
  out.append(text.substr(clean));
}

void append_value(std::string& out, const LogField& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    out += '"';
    append_escaped(out, *text);
    out += '"';
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, *number).ptr);
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
}

void append_fields(std::string& out, bool json, std::string_view event,
                   std::initializer_list<LogField> fields) {
  if (json)
    out.append("\"event\":\"").append(event).append("\"");
  else
    out.append(event);
  for (const auto& field : fields) {
    if (json)
      out.append(",\"").append(field.name).append("\":");
    else
      out.append(" ").append(field.name).append("=");
    append_value(out, field);
  }
}

Timestamp wall_clock() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

// As the configuration spells it; spdlog writes one of them otherwise.
std::string_view spelling(spdlog::level::level_enum level) {
  if (level == spdlog::level::warn) return "warn";
  const auto name = spdlog::level::to_string_view(level);
  return {name.data(), name.size()};
}

class LevelFlag final : public spdlog::custom_flag_formatter {
 public:
  explicit LevelFlag(std::size_t width) : width_(width) {}
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const auto name = spelling(message.level);
    out.append(name.data(), name.data() + name.size());
    for (std::size_t i = name.size(); i < width_; ++i) out.push_back(' ');
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelFlag>(width_);
  }

 private:
  std::size_t width_;
};

constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%*",%v})";
constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %* %v";
constexpr std::size_t kTextWidth = 5;

}  // namespace

void LogClock::append_now(std::string& out) {
  const auto now = wall_clock();
  const auto part = static_cast<int>(now.ms % 1000);
  if (now.ms / 1000 != second_) {
    second_ = now.ms / 1000;
    text_ = rfc3339({second_ * 1000});
    text_.resize(text_.size() - 4);  // "000Z"
  }
  out += text_;
  for (const int digit : {part / 100, part / 10 % 10, part % 10})
    out += static_cast<char>('0' + digit);
  out += 'Z';
}

Log::Log(LogLevel level, LogFormat format)
    : logger_(std::make_shared<spdlog::logger>("kontor",
                                               std::make_shared<spdlog::sinks::stdout_sink_mt>())),
      format_(format) {
  const bool json = format == LogFormat::json;
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<LevelFlag>('*', json ? 0 : kTextWidth);
  formatter->set_pattern(json ? kJsonPattern : kTextPattern);
  logger_->set_formatter(std::move(formatter));
  logger_->flush_on(spdlog::level::warn);
  set_level(level);
}

Log::~Log() {
  flush();
}

void Log::set_level(LogLevel level) {
  logger_->set_level(to_spdlog(level));
}

bool Log::enabled(LogLevel level) const {
  return logger_->should_log(to_spdlog(level));
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!enabled(level)) return;
  std::string out;
  append_fields(out, format_ == LogFormat::json, event, fields);
  logger_->log(to_spdlog(level), std::string_view(out));
}

// As the two patterns above have it.
void Log::append_line(std::string& out, LogClock& clock, LogLevel level, std::string_view event,
                      std::initializer_list<LogField> fields) const {
  const auto level_name = spelling(to_spdlog(level));
  const bool json = format_ == LogFormat::json;
  if (json) out += "{\"time\":\"";
  clock.append_now(out);
  out += json ? "\",\"level\":\"" : " ";
  out.append(level_name).append(json ? "\"," : level_name.size() < kTextWidth ? "  " : " ");
  append_fields(out, json, event, fields);
  out += json ? "}\n" : "\n";
}

// Through the stream that spdlog writes to, so that lines of both stay whole.
void Log::write_lines(std::string_view lines) {
  std::fwrite(lines.data(), 1, lines.size(), stdout);
  std::fflush(stdout);
}

void Log::flush() {
  logger_->flush();
}

}  // namespace kontor
