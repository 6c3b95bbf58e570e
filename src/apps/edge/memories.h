#pragma once
// What the Durable Objects remember that keep one value each, and the questions they are asked. An
// object holds bytes; what a question makes of them is decided here, so that the worker has no rule
// of its own (worker/objects.mjs).
#include "apps/edge/wire.h"
#include "base/error.h"
#include "domain/error_groups.h"
#include "domain/failure_window.h"
#include "ports/health_log.h"
#include "ports/rate_limiter.h"

#include <vector>

namespace kontor::edge {

// worker/objects.mjs has the same numbers.
enum class Memory : std::uint32_t { rate = 1, errors = 2, health = 3, failures = 4 };

// The object's next value, for how many milliseconds it is to be kept (0: it has not changed), and
// the object's answer.
inline constexpr std::uint32_t kForever = 0xffffffff;
struct Remembered {
  Bytes value;
  std::uint32_t kept_ms = 0;
  Bytes answer;
};

// `value` is empty where the object remembers nothing. A question that makes no sense changes
// nothing. `failures` are the limits of failed attempts.
Remembered remember(Memory what, ByteView value, ByteView question, const FailureLimits& failures);

// --- one key's allowance (row RL-05)
// -------------------------------------------------------------- What comes first in a question
// names its object.
Bytes print_rate_question(const RateQuestion& question);
RateDecision read_rate_decision(ByteView answer, const RateLimit& limit);

// --- one key's failed attempts (row AUTH-14); far_failures.h has the questions
// --------------------

// --- failures ------------------------------------------------------------------------------------
// `lost` is what the worker tells of a request whose instance is gone: id, cause, time.
enum class ErrorsQuestion : std::uint32_t { add = 0, list = 1, clear = 2, lost = 3 };
Bytes print_failure(std::string_view request_id, const Error& error, Timestamp now);
Bytes print_errors_question(ErrorsQuestion question);
std::vector<ErrorGroup> read_error_groups(ByteView answer);

// --- rounds of checks: the newest, as many as the question says, in a megabyte at most -----------
Bytes print_round_question(const HealthRound& round, std::uint32_t most);
Bytes print_rounds_question();
std::vector<HealthRound> read_rounds(ByteView answer);

}  // namespace kontor::edge
