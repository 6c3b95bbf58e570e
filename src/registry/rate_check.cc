// The group is picked by what the request is, its keys by who sent it.
#include "registry/rate_check.h"

#include "domain/cidr.h"

#include <algorithm>

namespace kontor {
namespace {

const RateGroup* find_group(const Settings& settings, const http::RateGroups& groups,
                            const RateSubject& subject) {
  if (settings.rates.empty()) return nullptr;
  const bool reads = subject.method == http::Method::get || subject.method == http::Method::head;
  const std::string_view name = subject.with_credential
                                    ? (reads ? groups.read : groups.write)
                                    : (reads ? groups.anonymous_read : groups.anonymous_write);
  const auto found = std::ranges::find(settings.rates, name, &RateGroup::name);
  return found == settings.rates.end() ? nullptr : &*found;
}

std::int64_t whole_seconds(Duration time) {
  return (time.ms + 999) / 1000;
}

}  // namespace

RateDecision count_address(Registry& registry, const http::RateGroups& groups,
                           const RateSubject& subject) {
  const RateGroup* group = find_group(*registry.settings, groups, subject);
  if (!group || group->limit.off()) return {};
  const auto now = registry.clock.now();
  if (subject.address.find(':') == subject.address.npos)
    return registry.rates.take(group->name, subject.address, group->limit, now);
  return registry.rates.take(group->name, client_group(std::string(subject.address)), group->limit,
                             now);
}

RateDecision count_credential(Registry& registry, const http::RateGroups& groups,
                              const RateSubject& subject, std::string_view key,
                              RateDecision so_far) {
  const RateGroup* group = find_group(*registry.settings, groups, subject);
  if (!group || group->limit.off() || key.empty()) return so_far;
  // The blank keeps the keys of the two kinds apart: a user may be called 192.0.2.1.
  const auto own =
      registry.rates.take(group->name, " " + std::string(key), group->limit, registry.clock.now());
  return own.stricter_than(so_far) ? own : so_far;
}

std::string_view credential_key(const Principal& who) {
  return who.token_key.empty() ? std::string_view(who.name) : std::string_view(who.token_key);
}

Error rate_error(const RateDecision& decision) {
  const auto wait = std::max<std::int64_t>(1, whole_seconds(decision.retry_after));
  return {Code::rate_limited,
          "At most " + std::to_string(decision.limit.requests) + " such requests in " +
              std::to_string(whole_seconds(decision.limit.window)) + " seconds are allowed; wait " +
              std::to_string(wait) + " seconds.",
          {},
          static_cast<std::uint32_t>(wait)};
}

void show_rate(http::Response& response, const RateDecision& decision, Timestamp now) {
  if (decision.limit.off()) return;
  const auto limit = std::to_string(decision.limit.requests);
  const auto remaining = std::to_string(decision.remaining);
  response.set("x-ratelimit-limit", limit);
  response.set("x-ratelimit-remaining", remaining);
  response.set("x-ratelimit-reset", std::to_string((now + decision.reset).ms / 1000));
  response.set("ratelimit-policy", "\"default\";q=" + limit + ";w=" +
                                       std::to_string(whole_seconds(decision.limit.window)));
  response.set("ratelimit", "\"default\";r=" + remaining +
                                ";t=" + std::to_string(whole_seconds(decision.reset)));
}

}  // namespace kontor
