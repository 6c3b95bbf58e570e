// GET …/versions and …/{version}/metadata: stored texts with what is known only now. Rows ORI-05,
// ORI-06.
#include "formats/ori/handler_support.h"
#include "formats/ori/handlers.h"
#include "formats/ori/names.h"
#include "formats/ori/records.h"
#include "registry/advisories/findings.h"
#include "registry/document_answer.h"
#include "registry/packages.h"

#include <algorithm>
#include <map>

namespace kontor::ori {
namespace {

std::string now_members(Timestamp published, Standing standing) {
  return "\"publishedAt\":" + json_text(rfc3339(published)) +
         ",\"yanked\":" + (standing == Standing::yanked ? "true" : "false");
}

// The highest stable version that may be resolved to; null where there is none.
Json latest_of(const std::vector<VersionFragment>& versions) {
  std::vector<std::string> candidates;
  for (const auto& version : versions)
    if (version.standing == Standing::listed && is_stable(version.version))
      candidates.push_back(version.version);
  const auto best = highest_version(kOri, candidates);
  return best.empty() ? Json(nullptr) : Json(best);
}

struct Shown {
  bool yanked = false;
  bool prereleases = false;
  bool includes(const VersionFragment& version) const {
    if (!is_served(version.standing)) return false;
    if (version.standing == Standing::yanked && !yanked) return false;
    return prereleases || is_stable(version.version);
  }
};

Task<std::string> name_of(Registry& registry, UserId id) {
  const auto user = co_await registry.accounts.find_user_by_id(id);
  co_return user ? user->name : std::string();
}

// Their ids, worst first, as a member.
std::string advisories_member(const Findings& findings, const std::string& version) {
  return ",\"advisories\":" + json_text(Json(advisories_of(findings, version)));
}

}  // namespace

// Newest first. A package of which everything is removed still answers, with an empty list.
Task<http::Response> get_versions(Service& service, const http::Call& call) {
  const auto key = co_await package_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, key);
  const Shown shown{query_flag(call.request, "include_yanked"),
                    query_flag(call.request, "prerelease")};
  const auto versions =
      co_await service.registry.packages.fragments(package.id, FragmentKind::abbreviated);
  const auto findings = co_await findings_about(service.registry, package);
  Bytes body = "{\"name\":" + json_text(key.name) + ",\"versions\":[";
  for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
    if (!shown.includes(*it)) continue;
    if (body.back() != '[') body += ',';
    body += with_members(it->fragment, now_members(it->published, it->standing) +
                                           advisories_member(findings, it->version));
  }
  body += "],\"latest\":" + json_text(latest_of(versions)) + "}";
  co_return document_answer(call.request, std::move(body), package.visibility,
                            *service.registry.settings);
}

Task<http::Response> get_metadata(Service& service, const http::Call& call) {
  const auto what = co_await version_of(call);
  const auto package = co_await load_readable(service.registry, call.principal, what.key);
  const auto version = co_await service.registry.packages.find_version(package.id, what.version);
  if (!version) co_return fail(Code::version_not_found);
  const auto findings = co_await findings_about(service.registry, package);
  const Json log = version->logged ? Json{{"log", to_string(version->logged->log)},
                                          {"index", version->logged->index}}
                                   : Json(nullptr);
  const auto publisher = co_await name_of(service.registry, version->publisher);
  auto members = now_members(version->published, version->standing) +
                 ",\"quarantined\":" + (version->quarantined ? "true" : "false") +
                 ",\"removed\":" + (is_served(version->standing) ? "false" : "true") +
                 ",\"publisher\":" + json_text(publisher) +
                 advisories_member(findings, what.version) + ",\"log\":" + json_text(log);
  co_return document_answer(call.request, with_members(version->manifest, members),
                            package.visibility, *service.registry.settings);
}

}  // namespace kontor::ori
