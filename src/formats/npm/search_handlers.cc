// GET /-/v1/search and its aliases. Rows NPM-08, SEA-01, SEA-02.
#include "formats/npm/caching.h"
#include "formats/npm/fragment.h"
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/manifest.h"
#include "formats/npm/packument.h"
#include "formats/npm/search_text.h"
#include "registry/packages.h"

#include <algorithm>
#include <charconv>

namespace kontor::npm {
namespace {

constexpr std::size_t kMaxText = 1024;
constexpr std::uint32_t kDefaultSize = 20;
constexpr std::uint32_t kMaxFrom = 10'000;

std::uint32_t number(const http::Call& call, std::string_view name, std::uint32_t fallback,
                     std::uint32_t max) {
  const auto text = call.request.query_value(name).value_or(std::string());
  std::uint32_t n = fallback;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error == std::errc::result_out_of_range) return max;
  return error == std::errc() ? std::min(n, max) : fallback;
}

std::string score_text(double score) {
  return to_text(Json(std::clamp(score, 0.0, 1.0)));
}

// The stored document with what is known only now.
void append_hit(Bytes& out, const SearchHit& hit, std::string_view base) {
  Json maintainers = Json::array();
  for (const auto& person : maintainers_of(hit.maintainers))
    maintainers.push_back({{"username", person.name}, {"email", person.email}});
  const auto score = score_text(hit.score);
  std::string_view document = hit.document;
  if (document.ends_with('}')) document.remove_suffix(1);
  out += "{\"package\":";
  append_expanded(out, document, base);
  out += ",\"date\":" + json_string(rfc3339(hit.published)) +
         ",\"maintainers\":" + to_text(maintainers) + "},\"score\":{\"final\":" + score +
         ",\"detail\":{\"quality\":1,\"popularity\":1,\"maintenance\":1}},\"searchScore\":" + score +
         ",\"downloads\":{\"monthly\":" + std::to_string(hit.downloads_month) +
         ",\"weekly\":" + std::to_string(hit.downloads_week) +
         "},\"updated\":" + json_string(rfc3339(hit.published)) +
         ",\"flags\":{\"insecure\":0}}";
}

http::Response answer(const SearchPage& page, std::string_view base, Timestamp now) {
  Bytes body = "{\"objects\":[";
  for (const auto& hit : page.hits) {
    if (body.back() != '[') body += ',';
    append_hit(body, hit, base);
  }
  body += "],\"total\":" + std::to_string(page.total) + ",\"time\":" + json_string(rfc3339(now)) +
          "}";
  return http::json_response(200, std::move(body));
}

Task<http::Response> run(Registry& registry, const http::Call& call,
                         std::optional<std::string> text) {
  if (!text)
    co_return fail(Code::bad_request, "The search needs text=; it may be empty to list all.");
  if (text->size() > kMaxText) co_return fail(Code::too_large, "The search text is too long.");
  auto parsed = parse_search_text(*text);
  parsed.query.viewer = viewer_of(call.principal);
  parsed.query.today = day_of(registry.clock.now());
  parsed.query.from = number(call, "from", 0, kMaxFrom + 1);
  if (parsed.query.from > kMaxFrom)
    co_return fail(Code::bad_request, "from is at most 10000; search for more words instead.");
  parsed.query.size =
      number(call, "size", kDefaultSize, registry.settings->read.search_max_size);
  SearchPage page;
  if (!parsed.matches_nothing) page = co_await registry.packages.search(std::move(parsed.query));
  auto response = answer(page, call.base, registry.clock.now());
  cache_list(response, call.principal, *registry.settings, 30);
  co_return response;
}

}  // namespace

Task<http::Response> search(Service& service, const http::Call& call) {
  return run(service.registry, call, call.request.query_value("text"));
}

Task<http::Response> search_by_q(Service& service, const http::Call& call) {
  return run(service.registry, call, call.request.query_value("q"));
}

}  // namespace kontor::npm
