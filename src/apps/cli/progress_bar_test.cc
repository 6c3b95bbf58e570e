// The line of a progress bar, and when it is drawn.
#include "apps/cli/progress_bar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace kontor::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(ProgressLine, shows_share_speed_and_the_time_left) {
  const auto line = progress_line("tool", {25'000'000, 100'000'000, seconds(10)}, 80);
  EXPECT_EQ(line, "tool  [#####---------------]  25%  2.50 MB/s  0:30 left");
}

TEST(ProgressLine, without_a_total_shows_what_came) {
  EXPECT_EQ(progress_line("tool", {1500, 0, seconds(1)}, 80), "tool  1.50 kB  1.50 kB/s");
}

TEST(ProgressLine, before_anything_came_promises_nothing) {
  EXPECT_EQ(progress_line("tool", {0, 100, seconds(0)}, 80), "tool  [--------------------]   0%");
  EXPECT_THAT(progress_line("tool", {0, 100, seconds(9)}, 80), Not(HasSubstr("left")));
}

TEST(ProgressLine, more_than_was_announced_stays_at_the_whole) {
  EXPECT_THAT(progress_line("tool", {300, 100, seconds(1)}, 80),
              HasSubstr("] 100%  300 B/s  0:00"));
}

TEST(ProgressLine, never_leaves_its_columns) {
  const std::string label(200, 'x');
  for (std::size_t columns = 0; columns < 120; ++columns)
    EXPECT_LE(progress_line(label, {1'000'000, 9'000'000'000'000, seconds(3)}, columns).size(),
              columns);
  EXPECT_THAT(progress_line(label, {50, 100, seconds(1)}, 60), EndsWith("0:01 left"));
}

TEST(ProgressLine, a_label_cannot_move_the_cursor) {
  EXPECT_EQ(progress_line("a\x1b[2J\n", {1, 0, seconds(0)}, 80), "a?[2J?  1 B");
}

TEST(HumanBytes, has_three_digits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1000), "1.00 kB");
  EXPECT_EQ(human_bytes(99'940), "99.9 kB");
  EXPECT_EQ(human_bytes(999'499), "999 kB");
  EXPECT_EQ(human_bytes(999'500), "1.00 MB");
  EXPECT_EQ(human_bytes(~0ull), "18.4 EB");
}

class Bar : public testing::Test {
 protected:
  ProgressBar::Now now() {
    return [this] { return now_; };
  }
  Duration now_ = seconds(100);
  std::ostringstream out_;
};

TEST_F(Bar, a_short_transfer_draws_nothing) {
  ProgressBar bar(out_, "tool", true, now());
  bar.update(1, 2);
  now_.ms += 499;
  bar.update(2, 2);
  bar.finish();
  EXPECT_EQ(out_.str(), "");
}

TEST_F(Bar, draws_ten_times_a_second_and_blanks_its_line_at_the_end) {
  {
    ProgressBar bar(out_, "tool", true, now());
    now_.ms += 500;
    bar.update(500, 0);
    EXPECT_EQ(out_.str(), "\rtool  500 B  1.00 kB/s");
    now_.ms += 99;
    bar.update(600, 0);
    EXPECT_EQ(out_.str(), "\rtool  500 B  1.00 kB/s");
  }
  EXPECT_EQ(out_.str(), "\rtool  500 B  1.00 kB/s\r" + std::string(22, ' ') + "\r");
}

TEST_F(Bar, one_that_is_not_shown_writes_nothing) {
  ProgressBar bar(out_, "tool", false, now());
  now_.ms += 5000;
  bar.update(5, 9);
  bar.finish();
  EXPECT_EQ(out_.str(), "");
}

TEST(CanDraw, not_where_errors_do_not_go_to_a_terminal) {
  std::ostringstream out, err;
  EXPECT_FALSE(can_draw(CommandContext{out, err, {{"TERM", "xterm"}}, ""}));
}

}  // namespace
}  // namespace kontor::cli
