// The line is made by a pure function; the bar decides when it is drawn.
#include "apps/cli/progress_bar.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace kontor::cli {
namespace {

constexpr Duration kFirst{500}, kBetween{100};
constexpr std::size_t kBar = 20;

std::string printed(const char* form, double number, const char* unit) {
  std::array<char, 32> text{};
  const auto size = std::snprintf(text.data(), text.size(), form, number, unit);
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string clock_of(std::uint64_t seconds) {
  const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const auto hours = seconds / 3600, minutes = seconds / 60 % 60;
  if (hours == 0) return std::to_string(minutes) + ":" + two(seconds % 60);
  return std::to_string(hours) + ":" + two(minutes) + ":" + two(seconds % 60);
}

std::string bar_of(double share) {
  const auto full = static_cast<std::size_t>(share * kBar);
  return "[" + std::string(full, '#') + std::string(kBar - full, '-') + "]";
}

// What stands behind the label.
std::string figures(const Progress& p) {
  const double seconds = static_cast<double>(p.elapsed.ms) / 1000;
  const double rate = seconds > 0 ? static_cast<double>(p.done) / seconds : 0;
  const std::string speed =
      rate >= 1 ? "  " + human_bytes(static_cast<std::uint64_t>(rate)) + "/s" : "";
  if (p.total == 0) return human_bytes(p.done) + speed;
  const auto done = std::min(p.done, p.total);
  const double share = static_cast<double>(done) / static_cast<double>(p.total);
  std::string text = bar_of(share) + printed("%4.0f%%%s", std::min(share * 100, 100.0), "") + speed;
  if (rate < 1) return text;
  const double left = static_cast<double>(p.total - done) / rate;
  if (left < 360'000) text += "  " + clock_of(static_cast<std::uint64_t>(left + 0.999)) + " left";
  return text;
}

std::size_t terminal_columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

Duration steady_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " B";
  double number = static_cast<double>(bytes);
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  for (number /= 1000; number >= 999.5 && unit + 1 < kUnits.size(); ++unit) number /= 1000;
  return printed(number < 9.995   ? "%.2f %s"
                 : number < 99.95 ? "%.1f %s"
                                  : "%.0f %s",
                 number, kUnits[unit]);
}

std::string progress_line(std::string_view label, const Progress& progress, std::size_t columns) {
  std::string right = figures(progress);
  if (right.size() + 2 >= columns) return right.substr(0, columns);
  const std::size_t room = columns - right.size() - 2;
  std::string left(label.substr(0, room));
  for (char& c : left)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return left + "  " + right;
}

bool can_draw(const CommandContext& context) {
  if (&context.err != &std::cerr || ::isatty(STDERR_FILENO) == 0) return false;
  const auto terminal = context.environment.find("TERM");
  return terminal != context.environment.end() && !terminal->second.empty() &&
         terminal->second != "dumb";
}

ProgressBar::ProgressBar(std::ostream& out, std::string label, bool shown)
    : ProgressBar(out, std::move(label), shown, steady_now) {}

ProgressBar::ProgressBar(std::ostream& out, std::string label, bool shown, Now now)
    : out_(out), label_(std::move(label)), shown_(shown), now_(std::move(now)) {
  begin_ = now_();
  next_ = {begin_.ms + kFirst.ms};
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total) {
  if (!shown_) return;
  const auto now = now_();
  if (now < next_) return;
  next_ = {now.ms + kBetween.ms};
  // The last column stays free: some terminals go on to the next line when it is written.
  const auto line =
      progress_line(label_, {done, total, {now.ms - begin_.ms}}, terminal_columns() - 1);
  out_ << "\r" << line << std::string(drawn_ > line.size() ? drawn_ - line.size() : 0, ' ')
       << std::flush;
  drawn_ = line.size();
}

void ProgressBar::finish() {
  if (drawn_ > 0) out_ << "\r" << std::string(drawn_, ' ') << "\r" << std::flush;
  drawn_ = 0;
  shown_ = false;
}

}  // namespace kontor::cli
