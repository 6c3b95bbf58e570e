// Dispatch: prefixes before the root, the table's access level before the handler, one place that
// turns errors into answers.
#include "registry/gateway.h"

#include "base/encoding.h"
#include "http/path.h"
#include "registry/authenticate.h"
#include "registry/final_headers.h"
#include "registry/rate_check.h"
#include "registry/ready_answers.h"

#include <algorithm>

namespace kontor {
namespace {

using http::Method;
using Segments = std::vector<std::string>;

// A HEAD is served by the GET route; the host leaves the body out.
Method route_method(Method method) {
  return method == Method::head ? Method::get : method;
}

bool method_writes(Method method) {
  return route_method(method) != Method::get;
}

// Segments of `path` below `prefix`, or nothing. The prefix alone, without a trailing slash, names
// a package of the root registry and not the registry behind the prefix.
std::optional<std::span<const std::string>> below(std::string_view prefix,
                                                  std::string_view raw_path,
                                                  const Segments& segments) {
  const auto parts = http::split_path(prefix);
  if (!parts || parts->empty() || segments.size() < parts->size()) return std::nullopt;
  if (!std::equal(parts->begin(), parts->end(), segments.begin())) return std::nullopt;
  if (segments.size() == parts->size() && !raw_path.ends_with('/')) return std::nullopt;
  return std::span(segments).subspan(parts->size());
}

// A browser names the page's site in Origin with every write, also those it sends unasked (a POST
// of plain text); package managers send none.
bool is_foreign_write(const http::Request& request) {
  const auto origin = request.header("origin");
  if (!method_writes(request.method) || origin.empty()) return false;
  const auto rest = request.base_url.substr(std::min(origin.size(), request.base_url.size()));
  return !request.base_url.starts_with(origin) || (!rest.empty() && rest.front() != '/');
}

http::Response preflight(const Settings& settings) {
  http::Response r;
  r.status = 204;
  r.set("access-control-allow-origin", "*");
  r.set("access-control-allow-methods",
        pages_may_write(settings) ? "GET, HEAD, PUT, POST, DELETE" : "GET, HEAD");
  r.set("access-control-allow-headers",  // the star does not mean authorization
        "*, authorization, content-type, if-none-match, npm-auth-type, npm-command, npm-otp, "
        "npm-scope, npm-session");
  r.set("access-control-max-age", "86400");
  return r;
}

// What Allow says of a route's method: HEAD is served wherever GET is.
std::string_view allowed(Method method) {
  return method == Method::get ? "GET, HEAD" : http::to_string(method);
}

// The scrape token of the configuration is no user's token; it opens this one level only.
bool may_scrape(const MetricsSettings& metrics, std::string_view authorization) {
  constexpr std::string_view kBearer = "Bearer ";
  if (metrics.open) return true;
  return !metrics.token.empty() && authorization.starts_with(kBearer) &&
         equal_constant_time(authorization.substr(kBearer.size()), metrics.token);
}

std::string_view one_time_password(const http::Request& request) {
  return request.header("npm-otp");
}

}  // namespace

struct Gateway::Match {
  RouteSet* routes = nullptr;
  const http::RateGroups* rates = nullptr;
  std::size_t index = 0;
  std::string prefix;
  http::Params params;
  std::string allow;  // methods of patterns that fit, for 405

  const http::RouteInfo& info() const { return routes->routes()[index]; }

  // First route of `set` whose pattern fits; remembers what other methods would have fitted.
  bool find(RouteSet& set, Method method, std::span<const std::string> segments) {
    const auto infos = set.routes();
    for (std::size_t i = 0; i < infos.size(); ++i) {
      http::Params found;
      if (!http::match_pattern(infos[i].pattern, segments, found)) continue;
      if (infos[i].method == method) {
        routes = &set;
        index = i;
        params = std::move(found);
        return true;
      }
      const auto name = allowed(infos[i].method);
      if (allow.find(name) == allow.npos) allow += (allow.empty() ? "" : ", ") + std::string(name);
    }
    return false;
  }
};

Gateway::Gateway(Registry& registry, std::vector<Mount> mounts)
    : registry_(registry), mounts_(std::move(mounts)) {}

Result<Gateway::Match> Gateway::find(const http::Request& request) const {
  const auto segments = http::split_path(request.path);
  if (!segments) return fail(segments.error().code, segments.error().detail);
  const Method method = route_method(request.method);
  Match match;
  std::span<const std::string> rest = *segments;
  for (const auto& prefix : registry_.settings->prefixes)
    if (const auto under = below(prefix, request.path, *segments);
        under && under->size() < rest.size()) {  // the longest one that fits
      rest = *under;
      match.prefix = prefix;
    }
  for (const auto& mount : mounts_) {
    if (!match.prefix.empty() && !mount.prefixed) continue;
    if (!match.find(*mount.routes, method, rest)) continue;
    match.rates = &mount.rates;
    return match;
  }
  return fail(match.allow.empty() ? Code::not_found : Code::method_not_allowed, {}, match.allow);
}

Task<http::Response> Gateway::answer(const http::Request& request, Match match, RouteLabel* label,
                                     RateDecision* rate) {
  const auto& info = match.info();
  http::Call call{request,
                  {},
                  std::move(match.params),
                  std::string(request.base_url),
                  label->family,
                  label->pattern,
                  match.rates};
  call.base += match.prefix;
  const auto settings = registry_.settings;
  if (!pages_may_write(*settings) && is_foreign_write(request))
    co_return fail(Code::forbidden,
                   "Pages of other sites may not write here, because no login is needed.");
  const auto authorization = request.header("authorization");
  const RateSubject subject{request.method, request.address, !authorization.empty()};
  if (auto question = address_question(registry_, *match.rates, subject))
    *rate = co_await registry_.rates.ask(std::move(*question));
  if (!rate->allowed) co_return std::unexpected(rate_error(*rate));
  const bool open =
      info.access == http::Access::open ||
      (info.access == http::Access::metrics && may_scrape(settings->metrics, authorization));
  if (!open) {
    call.principal =
        co_await authenticate(registry_, std::string(authorization), std::string(request.address));
    label->principal = call.principal.name;
    if (auto question =
            credential_question(registry_, *match.rates, subject, credential_key(call.principal))) {
      const RateDecision own = co_await registry_.rates.ask(std::move(*question));
      if (own.stricter_than(*rate)) *rate = own;
      if (!rate->allowed) co_return std::unexpected(rate_error(*rate));
    }
    if (auto refused = admit(call.principal, info.access, settings->policy))
      co_return std::unexpected(std::move(*refused));
    co_await second_factor(registry_, call.principal, info.access,
                           std::string(one_time_password(request)));
  }
  call.principal.address = request.address;
  co_return co_await match.routes->handle(match.index, call);
}

bool Gateway::shows_rate(const http::Request& request) const {
  const auto match = find(request);
  return match && match->rates->shown;
}

Task<http::Response> Gateway::count(const http::Request& request) {
  const auto match = co_await find(request);
  const RateSubject subject{request.method, request.address, false};
  RateDecision rate;
  if (auto question = address_question(registry_, *match.rates, subject))
    rate = co_await registry_.rates.ask(std::move(*question));
  http::Response response;
  response.status = 204;
  if (!rate.allowed) response = match.routes->error(rate_error(rate));
  show_rate(response, rate, registry_.clock.now());
  co_return response;
}

std::optional<http::Ready> Gateway::ready(const http::Request& request, RouteLabel* label) {
  return ready_answer(registry_, request, *label);
}

Task<http::Response> Gateway::handle(const http::Request& request, RouteLabel* label) {
  const auto settings = registry_.settings;
  if (request.method == Method::options) co_return preflight(*settings);
  auto match = find(request);
  RouteSet* family = mounts_.front().routes;  // whose envelope tells that no route matches
  RateDecision rate;
  bool show = false;
  Result<http::Response> result = fail(Code::internal);
  if (match) {
    family = match->routes;
    // Reads of formats that do not ask for it go without: caches keep them, and clients ignore it.
    show = match->rates->shown || method_writes(request.method);
    label->family = family->name();
    label->pattern = match->info().pattern;
    result = co_await whole(answer(request, std::move(*match), label, &rate));
  } else {
    result = fail(match);
  }
  http::Response response;
  if (result) {
    response = std::move(*result);
  } else {
    response = family->error(result.error());
    label->code = info(result.error().code).name;
    if (result.error().code == Code::method_not_allowed) {
      response.set("allow", std::move(result.error().cause));
    } else if (!result.error().cause.empty() || response.status >= 500) {
      registry_.observer.failed(request.id, result.error());
    }
  }
  if (show || !rate.allowed) show_rate(response, rate, registry_.clock.now());
  add_final_headers(*settings, request, response);
  co_return response;
}

}  // namespace kontor
