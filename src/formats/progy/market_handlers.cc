// GET /registry and /registry/my-packages: courses to choose from, and one's own. Row PRG-08.
#include "formats/progy/handler_support.h"
#include "formats/progy/handlers.h"
#include "formats/progy/records.h"
#include "registry/packages.h"

#include <algorithm>
#include <charconv>

namespace kontor::progy {
namespace {

constexpr std::uint32_t kPageSize = 20;
constexpr std::uint32_t kMaxPage = 500;
constexpr std::size_t kMaxText = 1024;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Result<std::uint32_t> page_of(const http::Request& request) {
  const auto text = request.query_value("page").value_or("1");
  std::uint32_t page = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), page);
  if (error != std::errc() || end != text.data() + text.size() || page == 0 || page > kMaxPage)
    return fail(Code::bad_request, "page is a number from 1 to 500.");
  return page;
}

Json owner_of(const std::vector<Owner>& owners) {
  return owners.empty() ? Json(nullptr) : Json(owners.front().name);
}

Json course_of_hit(const SearchHit& hit) {
  Json out = Json::parse(hit.document, nullptr, false);
  if (!out.is_object()) out = Json::object();
  out["owner"] = owner_of(hit.maintainers);
  out["updatedAt"] = rfc3339(hit.published);
  out["downloads"] = hit.downloads_month;
  return out;
}

}  // namespace

// Public courses that are not archived, best first; ?query=&page=.
Task<http::Response> list_courses(Service& service, const http::Call& call) {
  const auto text = call.request.query_value("query").value_or("");
  if (text.size() > kMaxText) co_return fail(Code::bad_request, "The query is too long.");
  const auto page = co_await page_of(call.request);
  SearchQuery query{.format = FormatId::progy, .viewer = {}, .words = words_of(text)};
  query.scope = call.request.query_value("scope").value_or("");
  query.deprecated = false;
  query.from = (page - 1) * kPageSize;
  query.size = kPageSize;
  query.today = day_of(service.registry.clock.now());
  const auto found = co_await service.registry.packages.search(std::move(query));
  Json courses = Json::array();
  for (const auto& hit : found.hits) courses.push_back(course_of_hit(hit));
  auto response = http::json_response(200, json_text({{"courses", std::move(courses)},
                                                      {"total", found.total},
                                                      {"page", page},
                                                      {"pageSize", kPageSize}}));
  response.set("cache-control", service.registry.settings->policy.anonymous_read
                                    ? "public, max-age=0, must-revalidate"
                                    : "private, no-store");
  co_return response;
}

// Every course the caller has a role on, private ones too.
Task<http::Response> my_packages(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  PackageListQuery query{.format = FormatId::progy,
                         .viewer = viewer_of(call.principal),
                         .owned_by = call.principal.user};
  Json packages = Json::array();
  for (;;) {
    const auto page = co_await registry.packages.list(query);
    for (const auto& one : page) {
      Json course = Json::parse(one.document, nullptr, false);
      if (!course.is_object()) course = {{"id", one.name}, {"name", one.name}};
      const auto record = co_await registry.packages.find({FormatId::progy, one.name});
      const bool open = record && record->visibility == Visibility::open;
      course["status"] = status_of(course, open ? Visibility::open : Visibility::restricted);
      course["isPublic"] = open;
      course["updatedAt"] = rfc3339(one.modified);
      packages.push_back(std::move(course));
    }
    if (page.size() < query.limit) break;
    query.after = page.back().name;
  }
  co_return fresh({{"packages", std::move(packages)}});
}

}  // namespace kontor::progy
