// Values are texts of our own making.
#include "apps/edge/memories.h"

#include "apps/edge/far_failures.h"
#include "registry/error_list.h"

#include <algorithm>

namespace kontor::edge {
namespace {

constexpr std::size_t kMostOfRounds = 1u << 20;  // bytes; an object keeps no value of 2 MB
constexpr JsonLimits kLimits = {.max_bytes = 8u << 20, .max_depth = 8, .max_values = 200'000};

Bytes print_decision(const RateDecision& decision) {
  return MessageWriter()
      .number(decision.allowed)
      .number(decision.remaining)
      .large(static_cast<std::uint64_t>(decision.reset.ms))
      .large(static_cast<std::uint64_t>(decision.retry_after.ms))
      .take();
}

// Beyond a month and a half it is forever.
std::uint32_t kept_for(Duration window) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(window.ms, 1, kForever));
}

// The value is the times of the attempts that count.
Remembered remember_failures(ByteView value, ByteView text, const FailureLimits& limits) {
  using Question = FarFailures::Question;
  MessageReader message(text);
  const std::string key = message.text();
  const auto question = static_cast<Question>(message.number());
  const Timestamp now{static_cast<std::int64_t>(message.large())};
  std::vector<Timestamp> times;
  FailureWindow window(limits);
  for (MessageReader known(value); times.size() < value.size() / sizeof(std::uint64_t);) {
    times.push_back({static_cast<std::int64_t>(known.large())});
    window.failed(key, times.back());
  }
  const auto wait = question == Question::blocked ? window.blocked(key, now) : std::nullopt;
  if (question == Question::failed) times.push_back(now);
  if (question == Question::succeeded) times.clear();
  if (times.size() > limits.failures) times.erase(times.begin(), times.end() - limits.failures);
  MessageWriter next;
  for (const Timestamp& time : times) next.large(static_cast<std::uint64_t>(time.ms));
  const auto ms = static_cast<std::uint64_t>(wait ? wait->ms : 0);
  return {next.take(), question == Question::blocked ? 0 : kept_for(limits.window),
          MessageWriter().number(wait.has_value()).large(ms).take()};
}

Remembered remember_rate(ByteView value, ByteView text) {
  MessageReader question(text);
  (void)question.bytes();  // the object's own name
  const bool counts = question.number() != 0;
  const auto requests = question.number();
  const RateLimit limit{requests, {static_cast<std::int64_t>(question.large())}};
  const Timestamp now{static_cast<std::int64_t>(question.large())};
  auto state = static_cast<RateState>(MessageReader(value).large());
  RateState next = state;
  const auto decision = admit_request(next, limit, now);
  if (counts) state = next;
  return {.value = MessageWriter().large(static_cast<std::uint64_t>(state)).take(),
          .kept_ms = counts ? kept_for(limit.window) : 0,
          .answer = print_decision(decision)};
}

void add_failure(ErrorGroups& groups, MessageReader& question) {
  const auto code = static_cast<Code>(question.number());
  const Bytes id = question.text();
  Error error{code, question.text(), question.text()};
  groups.add(id, error, {static_cast<std::int64_t>(question.large())});
}

void add_lost(ErrorGroups& groups, MessageReader& question) {
  const Bytes id = question.text();
  const Error error{Code::unavailable, {}, question.text()};
  groups.add(id, error, {static_cast<std::int64_t>(question.large())});
}

Remembered remember_errors(ByteView value, ByteView text) {
  MessageReader question(text);
  const auto what = static_cast<ErrorsQuestion>(question.number());
  if (what == ErrorsQuestion::list) return {Bytes(value), 0, Bytes(value)};
  ErrorGroups groups;
  groups.restore(read_error_groups(value));
  if (what == ErrorsQuestion::add) add_failure(groups, question);
  if (what == ErrorsQuestion::lost) add_lost(groups, question);
  if (what == ErrorsQuestion::clear) groups.clear();
  const auto list = to_json(groups.list());
  return {list.dump(-1, ' ', false, Json::error_handler_t::replace), kForever, {}};
}

Bytes print_round(const HealthRound& round) {
  MessageWriter out;
  out.large(static_cast<std::uint64_t>(round.at.ms));
  out.number(static_cast<std::uint32_t>(round.checks.size()));
  for (const auto& check : round.checks)
    out.bytes(check.target).number(check.status).large(static_cast<std::uint64_t>(check.took_ms));
  return out.take();
}

HealthRound read_round(ByteView text) {
  MessageReader message(text);
  HealthRound round{{static_cast<std::int64_t>(message.large())}, {}};
  for (auto left = message.number(); left > 0; --left) {
    EndpointCheck check{message.text(), 0, 0};
    check.status = static_cast<std::uint16_t>(message.number());
    check.took_ms = static_cast<std::int64_t>(message.large());
    round.checks.push_back(std::move(check));
  }
  return round;
}

// The value is the number of rounds and each of them, the newest first. A question without a number
// asks for it.
Remembered remember_health(ByteView value, ByteView text) {
  MessageReader question(text);
  const auto most = question.number();
  if (most == 0) return {Bytes(value), 0, Bytes(value)};
  std::vector<ByteView> rounds = {question.bytes()};
  std::size_t size = rounds.front().size();
  MessageReader kept(value);
  for (auto left = kept.number(); left > 0 && rounds.size() < most; --left) {
    const ByteView round = kept.bytes();
    size += round.size();
    if (size > kMostOfRounds) break;
    rounds.push_back(round);
  }
  MessageWriter next;
  next.number(static_cast<std::uint32_t>(rounds.size()));
  for (const auto& round : rounds) next.bytes(round);
  return {next.take(), kForever, {}};
}

}  // namespace

Remembered remember(Memory what, ByteView value, ByteView question, const FailureLimits& failures) {
  switch (what) {
    case Memory::rate:
      return remember_rate(value, question);
    case Memory::errors:
      return remember_errors(value, question);
    case Memory::health:
      return remember_health(value, question);
    case Memory::failures:
      return remember_failures(value, question, failures);
  }
  return {Bytes(value), 0, {}};
}

Bytes print_rate_question(const RateQuestion& question) {
  return MessageWriter()
      .bytes(question.group + "\n" + question.key)
      .number(question.counts)
      .number(question.limit.requests)
      .large(static_cast<std::uint64_t>(question.limit.window.ms))
      .large(static_cast<std::uint64_t>(question.now.ms))
      .take();
}

RateDecision read_rate_decision(ByteView answer, const RateLimit& limit) {
  MessageReader message(answer);
  RateDecision decision{.limit = limit};
  decision.allowed = message.number() != 0;
  decision.remaining = message.number();
  decision.reset = {static_cast<std::int64_t>(message.large())};
  decision.retry_after = {static_cast<std::int64_t>(message.large())};
  return decision;
}

Bytes print_failure(std::string_view request_id, const Error& error, Timestamp now) {
  return MessageWriter()
      .number(static_cast<std::uint32_t>(ErrorsQuestion::add))
      .number(static_cast<std::uint32_t>(error.code))
      .bytes(request_id)
      .bytes(error.detail)
      .bytes(error.cause)
      .large(static_cast<std::uint64_t>(now.ms))
      .take();
}

Bytes print_errors_question(ErrorsQuestion question) {
  return MessageWriter().number(static_cast<std::uint32_t>(question)).take();
}

std::vector<ErrorGroup> read_error_groups(ByteView answer) {
  const auto list = parse_json(answer, kLimits);
  return list ? error_groups_of(*list) : std::vector<ErrorGroup>();
}

Bytes print_round_question(const HealthRound& round, std::uint32_t most) {
  return MessageWriter().number(std::max(most, 1u)).bytes(print_round(round)).take();
}

Bytes print_rounds_question() {
  return MessageWriter().number(0).take();
}

std::vector<HealthRound> read_rounds(ByteView answer) {
  MessageReader message(answer);
  std::vector<HealthRound> rounds(message.number());
  for (auto& round : rounds) round = read_round(message.bytes());
  return rounds;
}

}  // namespace kontor::edge
