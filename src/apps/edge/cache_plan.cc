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

// "@scope/name" below /v1/packages/ and /v1/admin/packages/; empty elsewhere. The scope may be
// written without its sign.
std::string ori_package(Segments segments) {
  const std::size_t at = segments.size() > 1 && segments[1] == "admin" ? 2 : 1;
  if (segments.size() < at + 3 || segments[0] != "v1" || segments[at] != "packages") return {};
  const auto& scope = segments[at + 1];
  return (scope.starts_with('@') ? scope : "@" + scope) + "/" + segments[at + 2];
}

// Under which an answer is kept, and a change forgets answers.
std::string tag_of(Segments segments, Segments below) {
  if (const auto package = ori_package(segments); !package.empty()) return "ori:" + package;
  const bool is_v1 = !segments.empty() && segments[0] == "v1";
  const auto package = is_v1 ? std::string() : package_path(below).package;
  return package.empty() ? kLists : "npm:" + package;
}

// Whether a change there is one of prices, by which artifacts of courses under "/registry/..." are
// no longer everybody's.
bool sells(Segments below) {
  return below.size() == 3 && below[0] == "billing" && below[1] == "prices";
}

// A POST that asks and changes nothing: which advisories affect these packages.
bool only_asks(Segments below) {
  const bool of_npm = below.size() > 3 && below[0] == "-" && below[1] == "npm" &&
                      below[2] == "v1" && below[3] == "security";
  const bool of_all =
      below.size() == 3 && below[0] == "v1" && below[1] == "advisories" && below[2] == "query";
  return of_npm || of_all;
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
  const std::string tag = tag_of(*segments, below);
  if (request.method != Method::get && request.method != Method::head &&
      request.method != Method::options) {
    if (request.method == Method::post && only_asks(below)) return plan;
    plan.use = CachePlan::Use::change;
    plan.stale = {kLists};
    if (tag != kLists) plan.stale.push_back(tag);
    if (judges(below)) plan.stale.push_back(kAll);
    if (sells(below)) plan.stale.push_back("npm:registry");
    return plan;
  }
  if (request.method != Method::get || depends_on_more(request) || is_head_of_log(*segments))
    return plan;
  plan.use = CachePlan::Use::read;
  plan.tags = {kAll, tag};
  plan.counted = is_download(*segments, request.path, tag != kLists);
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
  if ((*segments)[1] == "admin" || segments->back() != "download") return std::nullopt;
  auto package = ori_package(*segments);
  if (package.empty()) return std::nullopt;
  return VersionName{{FormatId::ori, std::move(package)}, (*segments)[4]};
}

}  // namespace kontor::edge
