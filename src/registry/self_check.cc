// Requests that come from nowhere: without headers, body or address.
#include "registry/self_check.h"

#include <algorithm>

namespace kontor {
namespace {

Task<EndpointCheck> check_endpoint(Registry& registry, Gateway& gateway, std::string target) {
  const std::string_view text = target;
  const auto mark = std::min(text.find('?'), text.size());
  http::Request request;
  request.method = http::Method::get;
  request.method_text = http::to_string(request.method);
  request.path = text.substr(0, mark);
  if (mark < text.size()) request.query = text.substr(mark + 1);
  request.id = "self-check";
  RouteLabel label;
  const auto begun = registry.clock.now();
  const auto response = co_await gateway.handle(request, &label);
  const auto took = registry.clock.now() - begun;  // the clock may have stepped back
  co_return EndpointCheck{std::move(target), response.status, std::max<std::int64_t>(0, took.ms)};
}

}  // namespace

Task<> check_own_endpoints(Registry& registry, Gateway& gateway, HealthLog& log,
                           std::vector<std::string> targets) {
  HealthRound round{registry.clock.now(), {}};
  std::string failed;
  for (auto& target : targets) {
    auto check = co_await check_endpoint(registry, gateway, std::move(target));
    if (!check.ok()) failed += check.target + " answered " + std::to_string(check.status) + "; ";
    round.checks.push_back(std::move(check));
  }
  log.add(std::move(round));
  if (!failed.empty())
    co_return fail(Code::unavailable, {}, failed + "see /health/ready for what to do");
  co_return {};
}

}  // namespace kontor
