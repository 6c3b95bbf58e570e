// What the objects make of questions, one after the other.
#include "apps/edge/memories.h"

#include "apps/edge/far_failures.h"

#include <gtest/gtest.h>

namespace kontor::edge {
namespace {

constexpr FailureLimits kLimits{.failures = 3, .window = minutes(5)};

// An object, as long as it lives.
struct Object {
  Memory what;
  Bytes value;
  std::uint32_t kept_ms = 0;
  Bytes ask(ByteView question) {
    auto next = remember(what, value, question, kLimits);
    value = std::move(next.value);
    if (next.kept_ms != 0) kept_ms = next.kept_ms;
    return std::move(next.answer);
  }
};

constexpr RateLimit kThree{3, minutes(1)};

RateDecision count(Object& object, const RateLimit& limit, Timestamp now, bool counts = true) {
  return read_rate_decision(object.ask(print_rate_question({"ori", "a", limit, now, counts})),
                            limit);
}

TEST(EdgeMemories, an_allowance_is_used_up_and_comes_back) {
  Object object{Memory::rate};
  for (std::uint32_t left = 3; left-- > 0;) {
    const auto decision = count(object, kThree, {1000});
    EXPECT_TRUE(decision.allowed);
    EXPECT_EQ(decision.remaining, left);
    EXPECT_EQ(decision.limit, kThree);
  }
  const auto refused = count(object, kThree, {1000});
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, seconds(20));
  EXPECT_EQ(refused.reset, seconds(60));
  EXPECT_TRUE(count(object, kThree, {21'000}).allowed);
}

TEST(EdgeMemories, a_look_counts_nothing) {
  Object object{Memory::rate};
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(count(object, kThree, {1000}, false).allowed);
  EXPECT_EQ(count(object, kThree, {1000}).remaining, 2u);
}

TEST(EdgeMemories, an_allowance_is_kept_for_its_window) {
  Object object{Memory::rate};
  count(object, kThree, {1000}, false);
  EXPECT_EQ(object.kept_ms, 0u);
  count(object, kThree, {1000});
  EXPECT_EQ(object.kept_ms, 60'000u);
  count(object, {3, hours(1)}, {1000});
  EXPECT_EQ(object.kept_ms, 3'600'000u);
}

Bytes attempt(FarFailures::Question question, Timestamp now) {
  return MessageWriter()
      .bytes("ann")
      .number(static_cast<std::uint32_t>(question))
      .large(static_cast<std::uint64_t>(now.ms))
      .take();
}

TEST(EdgeMemories, failed_attempts_block_until_the_oldest_leaves_the_window) {
  using Question = FarFailures::Question;
  Object object{Memory::failures};
  const auto blocked = [&](Timestamp now) {
    const Bytes answer = object.ask(attempt(Question::blocked, now));
    MessageReader message(answer);
    const bool is = message.number() != 0;
    return is ? static_cast<std::int64_t>(message.large()) : 0;
  };
  for (int i = 1; i <= 4; ++i) {
    EXPECT_EQ(blocked({i * 1000}) > 0, i == 4);
    object.ask(attempt(Question::failed, {i * 1000}));
  }
  EXPECT_EQ(object.kept_ms, 300'000u);
  EXPECT_EQ(object.value.size(), 3 * sizeof(std::uint64_t));
  EXPECT_EQ(blocked({10'000}), 292'000);
  EXPECT_EQ(blocked({400'000}), 0);
  object.ask(attempt(Question::succeeded, {}));
  EXPECT_TRUE(object.value.empty());
  EXPECT_EQ(blocked({10'000}), 0);
}

TEST(EdgeMemories, failures_are_sorted_and_forgotten) {
  Object object{Memory::errors};
  const Error broken{Code::storage_failed, {}, "row 17 is gone"};
  object.ask(print_failure("first", broken, {1000}));
  object.ask(print_failure("second", {Code::storage_failed, {}, "row 18 is gone"}, {2000}));
  EXPECT_EQ(object.kept_ms, kForever);
  auto groups = read_error_groups(object.ask(print_errors_question(ErrorsQuestion::list)));
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].code, "storage_failed");
  EXPECT_EQ(groups[0].cause, "row 18 is gone");
  EXPECT_EQ(groups[0].count, 2u);
  EXPECT_EQ(groups[0].first, Timestamp{1000});
  EXPECT_EQ(groups[0].requests, (std::vector<std::string>{"second", "first"}));
  object.ask(print_errors_question(ErrorsQuestion::clear));
  EXPECT_TRUE(read_error_groups(object.ask(print_errors_question(ErrorsQuestion::list))).empty());
}

TEST(EdgeMemories, a_request_that_was_lost_is_a_failure) {
  Object object{Memory::errors};
  const auto lost = static_cast<std::uint32_t>(ErrorsQuestion::lost);
  object.ask(MessageWriter().number(lost).bytes("request").bytes("trap").large(5).take());
  const auto groups = read_error_groups(object.ask(print_errors_question(ErrorsQuestion::list)));
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].code, "unavailable");
  EXPECT_EQ(groups[0].requests, std::vector<std::string>{"request"});
}

HealthRound round_at(std::int64_t ms, std::string target = "/health") {
  return {{ms}, {{std::move(target), 200, 7}}};
}

TEST(EdgeMemories, the_newest_rounds_are_kept) {
  Object object{Memory::health};
  EXPECT_TRUE(read_rounds(object.ask(print_rounds_question())).empty());
  for (int i = 1; i <= 5; ++i) object.ask(print_round_question(round_at(i), 3));
  EXPECT_EQ(object.kept_ms, kForever);
  const auto rounds = read_rounds(object.ask(print_rounds_question()));
  ASSERT_EQ(rounds.size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rounds[static_cast<std::size_t>(i)].at.ms, 5 - i);
  ASSERT_EQ(rounds[0].checks.size(), 1u);
  EXPECT_EQ(rounds[0].checks[0].target, "/health");
  EXPECT_EQ(rounds[0].checks[0].status, 200);
  EXPECT_EQ(rounds[0].checks[0].took_ms, 7);
}

TEST(EdgeMemories, rounds_stay_within_what_an_object_can_keep) {
  Object object{Memory::health};
  for (int i = 1; i <= 30; ++i)
    object.ask(print_round_question(round_at(i, "/" + std::string(100'000, 'a')), 10'000));
  EXPECT_LT(object.value.size(), std::size_t{2} << 20);
  EXPECT_EQ(read_rounds(object.value).front().at.ms, 30);
}

}  // namespace
}  // namespace kontor::edge
