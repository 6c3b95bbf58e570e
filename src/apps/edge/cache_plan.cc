// The package of a path is found without the routes: a path that means none gets a tag that nothing
// ever makes stale, which is right, because nothing is there to change.
#include "apps/edge/cache_plan.h"

#include "apps/edge/package_path.h"
#include "base/sha256.h"
#include "http/path.h"

#include <algorithm>
#include <span>

namespace kontor::edge {
namespace {

using http::Method;
using Segments = std::span<const std::string>;

constexpr const char* kLists = "lists";
constexpr const char* kAll = "all";

// Whether a change there is one of advisories.
bool judges(Segments segments) {
  constexpr std::string_view kBeneath[] = {"-", "kontor"};
  if (segments.size() > 2 && std::ranges::equal(segments.first(2), kBeneath))
    segments = segments.subspan(2);
  return segments.size() > 1 && segments[0] == "v1" && segments[1] == "advisories" &&
         segments.back() != "query";
}

// What says how far a log is: whoever has seen a newer one would take an older one for a fork.
bool is_head_of_log(Segments segments) {
  return segments.size() == 3 && segments[0] == "log" &&
         (segments[2] == "checkpoint" || segments[2] == "vkey");
}

// Of npm's tarballs and of Progy's artifacts.
bool is_download(Segments segments, std::string_view path, bool names_package) {
  if (segments.size() > 3 && segments[0] == "registry" && segments[1] == "download") return true;
  return names_package && path.find("/-/") != path.npos;
}

bool depends_on_more(const http::Request& request) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"authorization", "cookie", "range", "if-none-match",
                                              "if-modified-since", "if-range", "origin"},
      [&](std::string_view name) { return !request.header(name).empty(); });
}

}  // namespace

CachePlan cache_plan(const http::Request& request, const std::vector<std::string>& prefixes) {
  CachePlan plan;
  const auto segments = http::split_path(request.path);
  if (!segments) return plan;
  const auto below = below_prefix(*segments, prefixes);
  const std::string package = package_path(below).package;
  const std::string tag = package.empty() ? kLists : "npm:" + package;
  if (request.method != Method::get && request.method != Method::head &&
      request.method != Method::options) {
    plan.use = CachePlan::Use::change;
    plan.stale = {kLists};
    if (!package.empty()) plan.stale.push_back(tag);
    if (judges(below)) plan.stale.push_back(kAll);
    return plan;
  }
  if (request.method != Method::get || depends_on_more(request) || is_head_of_log(*segments))
    return plan;
  plan.use = CachePlan::Use::read;
  plan.tags = {kAll, tag};
  plan.counted = is_download(*segments, request.path, !package.empty());
  std::string all(request.base_url);
  for (const std::string_view part :
       {request.path, request.query, request.header("accept"), request.header("accept-encoding")})
    all.append(1, '\n').append(part);
  plan.key = sha256(all).hex();
  return plan;
}

// /v1/packages/<scope>/<name>/<version>/download
std::optional<VersionName> ori_download(std::string_view path) {
  const auto segments = http::split_path(path);
  if (!segments || segments->size() != 6) return std::nullopt;
  const auto& parts = *segments;
  if (parts[0] != "v1" || parts[1] != "packages" || parts[5] != "download") return std::nullopt;
  const std::string scope = parts[2].starts_with('@') ? parts[2] : "@" + parts[2];
  return VersionName{{FormatId::ori, scope + "/" + parts[3]}, parts[4]};
}

}  // namespace kontor::edge
