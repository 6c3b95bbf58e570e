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

std::optional<RateQuestion> address_question(const Registry& registry,
                                             const http::RateGroups& groups,
                                             const RateSubject& subject) {
  const RateGroup* group = find_group(*registry.settings, groups, subject);
  if (!group || group->limit.off()) return std::nullopt;
  std::string address(subject.address);
  if (address.find(':') != address.npos) address = client_group(address);
  return RateQuestion{group->name, std::move(address), group->limit, registry.clock.now()};
}

std::optional<RateQuestion> credential_question(const Registry& registry,
                                                const http::RateGroups& groups,
                                                const RateSubject& subject, std::string_view key) {
  const RateGroup* group = find_group(*registry.settings, groups, subject);
  if (!group || group->limit.off() || key.empty()) return std::nullopt;
  // The blank keeps the keys of the two kinds apart: a user may be called 192.0.2.1.
  return RateQuestion{group->name, " " + std::string(key), group->limit, registry.clock.now()};
}

RateDecision take_rate(Registry& registry, const std::optional<RateQuestion>& question) {
  if (!question) return {};
  return registry.rates.take(question->group, question->key, question->limit, question->now);
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
