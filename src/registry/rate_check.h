#pragma once
// Limits of requests by address and by credential, both at once: the stricter one answers. Rows
// RL-01, RL-02.
#include "http/route.h"
#include "registry/registry.h"

#include <optional>
#include <string_view>

namespace kontor {

// What a request counts as.
struct RateSubject {
  http::Method method = http::Method::get;
  std::string_view address;
  bool with_credential = false;  // one was sent, right or wrong
};

// What the limiter is asked about the request's address; nothing where there is no limit.
std::optional<RateQuestion> address_question(const Registry& registry,
                                             const http::RateGroups& groups,
                                             const RateSubject& subject);
// The same about a credential that was found valid, named by its key; nothing where that is empty.
std::optional<RateQuestion> credential_question(const Registry& registry,
                                                const http::RateGroups& groups,
                                                const RateSubject& subject, std::string_view key);

// The limiter's answer, at once and of this host; allowed with limit off where nothing is asked.
RateDecision take_rate(Registry& registry, const std::optional<RateQuestion>& question);

// What limits per credential count by; empty for anonymous callers.
std::string_view credential_key(const Principal& who);

// 429 with the time to wait.
Error rate_error(const RateDecision& decision);

// X-RateLimit-Limit, -Remaining and -Reset (unix seconds), and RateLimit-Policy and RateLimit as
// the IETF's draft has them (draft-ietf-httpapi-ratelimit-headers-10). Nothing where there is no
// limit.
void show_rate(http::Response& response, const RateDecision& decision, Timestamp now);

}  // namespace kontor
