// GET /v1/search. Rows ORI-11, SEA-04.
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "formats/ori/records.h"
#include "registry/packages.h"

namespace kontor::ori {
namespace {

constexpr std::uint32_t kDefaultLimit = 20;
constexpr std::uint32_t kMaxOffset = 10'000;
constexpr std::size_t kMaxText = 1024;
constexpr std::size_t kMaxWords = 32;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  constexpr std::string_view kBlanks = " \t\n";
  while (out.size() < kMaxWords) {
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == text.npos) break;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(kBlanks), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

http::Response answer(const SearchPage& page) {
  Bytes body = "{\"results\":[";
  for (const auto& hit : page.hits) {
    if (body.back() != '[') body += ',';
    body += with_members(hit.document, "\"publishedAt\":" + json_text(rfc3339(hit.published)));
  }
  body += "],\"total\":" + std::to_string(page.total) + "}";
  return http::json_response(200, std::move(body));
}

}  // namespace

// ?q=&limit=&offset=&keyword=&scope=
Task<http::Response> search_packages(Service& service, const http::Call& call) {
  const Settings& settings = *service.registry.settings;
  const auto text = call.request.query_value("q").value_or("");
  if (text.size() > kMaxText) co_return fail(Code::too_large, "The search text is too long.");
  SearchQuery query{.format = FormatId::ori, .viewer = viewer_of(call.principal)};
  query.words = words_of(text);
  query.scope = call.request.query_value("scope").value_or("");
  if (query.scope.starts_with('@')) query.scope.erase(0, 1);
  if (auto keyword = call.request.query_value("keyword"); keyword && !keyword->empty())
    query.keywords_all.push_back(std::move(*keyword));
  query.today = day_of(service.registry.clock.now());
  query.from = co_await query_number(call.request, "offset", 0, kMaxOffset + 1);
  if (query.from > kMaxOffset)
    co_return fail(Code::bad_request, "offset is at most 10000; search for more words instead.");
  query.size =
      co_await query_number(call.request, "limit", kDefaultLimit, settings.read.search_max_size);
  auto response = answer(co_await service.registry.packages.search(std::move(query)));
  const bool shared = call.principal.anonymous() && settings.policy.anonymous_read;
  response.set("cache-control",
               shared ? "public, max-age=0, must-revalidate" : "private, no-store");
  co_return response;
}

}  // namespace kontor::ori
