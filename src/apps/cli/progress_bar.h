#pragma once
// How far a transfer has come, as one line that is drawn over itself: share, bytes a second, and
// the time that is left.
#include "apps/cli/config_command.h"
#include "base/time.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace kontor::cli {

struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: not known
  Duration elapsed;
};

// The line for `columns` columns, without control characters; never longer. A label that does not
// fit is cut.
std::string progress_line(std::string_view label, const Progress& progress, std::size_t columns);

// "512 B", "1.5 MB": in powers of 1000, three digits.
std::string human_bytes(std::uint64_t bytes);

// Whether a bar may be drawn: standard error is a terminal that can draw over a line. Commands that
// print JSON, or were told to be quiet, draw none either.
bool can_draw(const CommandContext& context);

class ProgressBar {
 public:
  using Now = std::function<Duration()>;  // since any fixed point

  // Nothing is ever written where `shown` is false. `out` outlives the bar.
  ProgressBar(std::ostream& out, std::string label, bool shown);
  ProgressBar(std::ostream& out, std::string label, bool shown, Now now);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { finish(); }

  // Draws ten times a second at most, and not at all in the first half second: most transfers are
  // over by then.
  void update(std::uint64_t done, std::uint64_t total);
  // Takes the line away, so that what is printed next stands alone.
  void finish();

 private:
  std::ostream& out_;
  std::string label_;
  bool shown_;
  Now now_;
  Duration begin_, next_;
  std::size_t drawn_ = 0;  // columns that are to be blanked
};

}  // namespace kontor::cli
