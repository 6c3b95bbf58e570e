// Values are texts of our own making.
#include "apps/edge/memories.h"

#include "registry/error_list.h"

namespace kontor::edge {
namespace {

constexpr Duration kShort = minutes(1);  // an object that nobody asks lives longer than that
constexpr JsonLimits kLimits = {.max_bytes = 8u << 20, .max_depth = 8, .max_values = 200'000};

Bytes print_decision(const RateDecision& decision) {
  return MessageWriter()
      .number(decision.allowed)
      .number(decision.remaining)
      .large(static_cast<std::uint64_t>(decision.reset.ms))
      .large(static_cast<std::uint64_t>(decision.retry_after.ms))
      .take();
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
          .lasting = counts && limit.window > kShort,
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
  if (what == ErrorsQuestion::list) return {Bytes(value), false, Bytes(value)};
  ErrorGroups groups;
  groups.restore(read_error_groups(value));
  if (what == ErrorsQuestion::add) add_failure(groups, question);
  if (what == ErrorsQuestion::lost) add_lost(groups, question);
  if (what == ErrorsQuestion::clear) groups.clear();
  const auto list = to_json(groups.list());
  return {list.dump(-1, ' ', false, Json::error_handler_t::replace), true, {}};
}

}  // namespace

Remembered remember(Memory what, ByteView value, ByteView question) {
  switch (what) {
    case Memory::rate:
      return remember_rate(value, question);
    case Memory::errors:
      return remember_errors(value, question);
  }
  return {Bytes(value), false, {}};
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

}  // namespace kontor::edge
