// The rules in one place, so that no handler can forget one.
#include "formats/npm/caching.h"

#include "base/sha256.h"

namespace kontor::npm {
namespace {

// Rises when the same state would be rendered as other bytes, so that no client keeps the old ones.
constexpr std::string_view kRendering = "1";

void set(http::Response& response, std::string value) {
  response.set("cache-control", std::move(value));
}

}  // namespace

void cache_document(http::Response& response, Visibility visibility, const Settings& settings) {
  if (visibility == Visibility::restricted) return set(response, "private, no-store");
  if (!settings.policy.anonymous_read) return set(response, "private, no-cache");
  const auto shared = settings.read.metadata_max_age;
  set(response, shared ? "public, max-age=0, s-maxage=" + std::to_string(shared) +
                             ", must-revalidate"
                       : "public, max-age=0, must-revalidate");
}

void never_cache(http::Response& response) { set(response, "private, no-store"); }

void cache_list(http::Response& response, const Principal& who, const Settings& settings,
                std::uint32_t seconds) {
  if (!who.anonymous() || !settings.policy.anonymous_read) return never_cache(response);
  set(response, "public, max-age=0, s-maxage=" + std::to_string(seconds) + ", must-revalidate");
}

std::string make_etag(const PackageRecord& package, std::string_view base,
                      std::string_view representation) {
  std::string state;
  const auto add = [&](std::string_view part) { state.append(part).append(1, '\0'); };
  add(kRendering);
  add(package.key.name);
  add(std::to_string(package.id.value));
  add(std::to_string(package.revision));
  add(std::to_string(package.modified.ms));
  for (const auto& owner : package.owners) {
    add(owner.name);
    add(owner.email);
  }
  add("stars");
  for (const auto& name : package.stars) add(name);
  add(base);
  add(representation);
  return "\"" + to_base64url(sha256(state).view().substr(0, 16)) + "\"";
}

}  // namespace kontor::npm
