// Plain translation; ranges were checked when the configuration was loaded.
#include "apps/server/config/core_settings.h"

namespace kontor {

namespace {

RateLimit rate_limit(const RateGroupConfig& group) {
  return {static_cast<std::uint32_t>(group.max_requests), {group.window_ms}};
}

}  // namespace

Settings core_settings(const Config& c, const Bytes& session_key) {
  Settings s;
  s.policy = {.anonymous_read = c.auth.anonymous_read, .read_only = c.read_only};
  s.metrics = {.open = c.metrics.open, .token = c.metrics.token};
  s.accounts.accept_basic = c.auth.type == AuthType::basic;
  if (c.auth.type == AuthType::none) s.accounts.everybody = c.admin.name;
  if (c.auth.type == AuthType::jwt)
    s.accounts.session_key = c.auth.secret.empty() ? session_key : c.auth.secret;
  s.accounts.session_life = c.auth.token_expiry;
  s.accounts.allow_registration = c.auth.allow_registration;
  s.accounts.password_min_length = static_cast<std::uint32_t>(c.auth.password_min_length);
  s.accounts.token_max_days = static_cast<std::uint32_t>(c.auth.token_max_days);
  s.accounts.web_login_timeout = c.auth.web_login_timeout;
  auto& p = s.publish;
  p.new_package_visibility = c.npm.new_package_access == PackageAccess::restricted
                                 ? Visibility::restricted
                                 : Visibility::open;
  p.refuse_collisions = c.npm.name_collisions == NameCollisions::refuse;
  p.unpublish_max_age_hours = static_cast<std::int32_t>(c.unpublish.max_age_hours);
  p.max_tarball_bytes = c.limits.max_tarball_bytes;
  p.max_document_bytes = c.limits.max_document_bytes;
  p.max_unpacked_bytes = c.limits.max_unpacked_bytes;
  p.max_archive_entries = static_cast<std::uint32_t>(c.limits.max_archive_entries);
  p.max_compression_ratio = static_cast<std::uint32_t>(c.limits.max_compression_ratio);
  p.max_json_depth = static_cast<std::uint32_t>(c.limits.max_json_depth);
  s.read.metadata_max_age = static_cast<std::uint32_t>(c.cache.metadata_max_age.ms / 1000);
  s.read.search_max_size = static_cast<std::uint32_t>(c.search.max_size);
  s.read.cache_bytes = c.cache.memory_bytes;
  s.read.answer_bytes = c.cache.answer_bytes;
  s.read.ori_cdn = c.ori.cdn_url;
  for (const auto& text : c.advisories.policy)
    if (auto rule = parse_advisory_rule(text)) s.advisories.rules.push_back(std::move(*rule));
  s.advisories.prefix = c.advisories.prefix;
  s.rates = {{"npmRead", rate_limit(c.rate_limit.npm_read)},
             {"npmWrite", rate_limit(c.rate_limit.npm_write)},
             {"ori", rate_limit(c.rate_limit.ori)},
             {"oriAnonymous", rate_limit(c.rate_limit.ori_anonymous)},
             {"progyPublish", rate_limit(c.rate_limit.progy_publish)},
             {"progyDownload", rate_limit(c.rate_limit.progy_download)}};
  s.courses.programs = static_cast<CourseSettings::Programs>(c.progy.programs);
  s.courses.admins_may_replace = c.progy.allow_force;
  s.orphan_grace = c.gc.grace;
  s.prefixes = c.prefixes;
  return s;
}

FailureLimits failure_limits(const Config& c) {
  return {.failures = static_cast<std::uint32_t>(c.auth.brute_force.max_failures),
          .window = c.auth.brute_force.window};
}

std::vector<std::string> own_endpoints() {
  return {"/health",
          "/health/ready",
          "/-/ping",
          "/-/v1/search?text=a&size=1",
          "/v1/search?q=a&limit=1",
          "/registry?query=a",
          "/v1/advisories?limit=1"};
}

}  // namespace kontor
