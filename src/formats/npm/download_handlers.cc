// Download counts. Row NPM-17. Days are UTC; the running day counts.
#include "formats/npm/handler_support.h"
#include "formats/npm/handlers.h"
#include "formats/npm/name_rules.h"
#include "registry/packages.h"

#include <algorithm>
#include <map>

namespace kontor::npm {
namespace {

constexpr int kMaxDays = 550;  // about 18 months
constexpr int kMaxBulkDays = 366;
constexpr std::size_t kMaxBulk = 128;

struct Period {
  Day first;
  Day last;
  int days() const { return last.number - first.number + 1; }
};

Result<Period> parse_period(const std::string& text, Day today) {
  const std::pair<std::string_view, int> named[] = {
      {"last-day", 1}, {"last-week", 7}, {"last-month", 30}, {"last-year", 365}};
  for (const auto& [name, days] : named)
    if (text == name) return Period{{today.number - days + 1}, today};
  const auto colon = text.find(':');
  const auto first = parse_iso_date(text.substr(0, colon));
  const auto last = colon == text.npos ? first : parse_iso_date(text.substr(colon + 1));
  if (!first || !last || *last < *first)
    return fail(Code::bad_request, "The period is last-day, last-week, last-month, last-year, a day "
                                   "(2026-11-20) or a first and last day with a colon between.");
  return Period{*first, *last};
}

enum class Shape { point, range };

Json daily(const std::vector<DownloadCount>& counts, const Period& period) {
  std::map<Day, std::uint64_t> by_day;
  for (const auto& count : counts) by_day[count.day] += count.count;
  Json out = Json::array();
  for (Day day = period.first; day <= period.last; ++day.number)
    out.push_back({{"day", iso_date(day)}, {"downloads", by_day[day]}});
  return out;
}

Json report(const std::vector<DownloadCount>& counts, const Period& period, Shape shape,
            const std::string& package) {
  std::uint64_t total = 0;
  for (const auto& count : counts) total += count.count;
  Json out = Json::object();
  out["downloads"] = shape == Shape::range ? daily(counts, period) : Json(total);
  out["start"] = iso_date(period.first);
  out["end"] = iso_date(period.last);
  if (!package.empty()) out["package"] = package;
  return out;
}

Task<Json> report_of(Registry& registry, Principal who, std::string name, Period period,
                     Shape shape) {
  const auto legal = parse_lookup_name(name);
  if (!legal) co_return fail(Code::not_found);
  const PackageKey key{FormatId::npm, legal->full()};
  const auto package = co_await load_readable(registry, who, key);
  const auto counts = co_await registry.packages.downloads(key, period.first, period.last);
  co_return report(counts, period, shape, package.key.name);
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// Packages that cannot be seen are null, as if they did not exist.
Task<Json> bulk_report(Registry& registry, Principal who, std::vector<std::string> names,
                       Period period, Shape shape) {
  if (names.size() > kMaxBulk || period.days() > kMaxBulkDays)
    co_return fail(Code::bad_request, "At most 128 packages and 365 days in one request.");
  Json out = Json::object();
  for (const auto& name : names) {
    auto one = co_await whole(report_of(registry, who, name, period, shape));
    if (!one && one.error().code != Code::not_found) co_return std::unexpected(one.error());
    out[name] = one ? std::move(*one) : Json();
  }
  co_return out;
}

Task<http::Response> answer(Registry& registry, const http::Call& call, Shape shape) {
  const auto period =
      co_await parse_period(call.params["period"], day_of(registry.clock.now()));
  if (period.days() > kMaxDays) co_return fail(Code::bad_request, "At most 18 months at once.");
  const std::string& text = call.params["pkg"];
  if (text.empty()) {
    const auto counts = co_await registry.packages.downloads({FormatId::npm, {}}, period.first,
                                                             period.last);
    co_return ok_json(report(counts, period, shape, {}));
  }
  if (text.find(',') != text.npos)
    co_return ok_json(
        co_await bulk_report(registry, call.principal, split_names(text), period, shape));
  co_return ok_json(co_await report_of(registry, call.principal, text, period, shape));
}

}  // namespace

Task<http::Response> get_download_point(Service& service, const http::Call& call) {
  return answer(service.registry, call, Shape::point);
}

Task<http::Response> get_download_range(Service& service, const http::Call& call) {
  return answer(service.registry, call, Shape::range);
}

Task<http::Response> get_version_downloads(Service& service, const http::Call& call) {
  Registry& registry = service.registry;
  const auto key = co_await package_of(call);
  co_await load_readable(registry, call.principal, key);
  const auto today = day_of(registry.clock.now());
  const auto counts =
      co_await registry.packages.version_downloads(key, {today.number - 6}, today);
  Json downloads = Json::object();
  for (const auto& count : counts) downloads[count.version] = count.count;
  co_return ok_json({{"package", key.name}, {"downloads", std::move(downloads)}});
}

}  // namespace kontor::npm
