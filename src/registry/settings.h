#pragma once
// The settings the core decides by, as plain values; the configuration fills them.
#include "base/time.h"
#include "domain/advisory/advisory_policy.h"
#include "domain/policy.h"
#include "domain/rate_limit.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor {

struct AccountSettings {
  bool allow_registration = false;
  bool accept_basic = true;  // user name and password on every request
  std::string everybody;     // set: all callers are this user, whatever they send
  std::uint32_t password_min_length = 8;
  std::uint32_t token_max_days = 0;  // 0: tokens may live for ever
  std::string session_key;           // set: logins are sessions signed with it (auth.type jwt)
  Duration session_life = days(7);
  Duration web_login_timeout = minutes(5);
};

struct PublishSettings {
  Visibility new_package_visibility = Visibility::open;  // where the client states no access
  bool refuse_collisions = true;
  std::int32_t unpublish_max_age_hours = 72;  // 0 never, -1 always; not for admins
  std::uint64_t max_tarball_bytes = 200ull << 20;
  std::uint64_t max_document_bytes = 16ull << 20;  // a publish document without its tarball
  std::uint64_t max_unpacked_bytes = 1ull << 30;
  std::uint32_t max_archive_entries = 100'000;
  std::uint32_t max_compression_ratio = 200;
  std::uint32_t max_json_depth = 64;
};

struct ReadSettings {
  std::uint32_t metadata_max_age = 0;  // seconds a shared cache may keep public documents
  std::uint32_t search_max_size = 250;
  std::uint64_t cache_bytes = 64ull << 20;   // documents
  std::uint64_t answer_bytes = 16ull << 20;  // heads of ready answers
  std::string ori_cdn;  // where public archives of Ori are fetched; empty: here
};

// One limit by its name, which routes are mounted with.
struct RateGroup {
  std::string name;
  RateLimit limit;  // for each address, and for each credential
};

struct MetricsSettings {
  bool open = false;  // anybody may scrape
  std::string token;  // bearer of the scraper; empty: administrators only
};

struct AdvisorySettings {
  std::vector<AdvisoryRule> rules;  // the first that fits counts
  std::string prefix = "x_ADV";     // of ids that are made here
};

// Of Progy. Rows PRG-03, D-10.
struct CourseSettings {
  enum class Programs : std::uint8_t { allow, warn, reject };  // in an artifact
  Programs programs = Programs::warn;
  bool admins_may_replace = false;  // a published version
};

struct Settings {
  Policy policy;
  MetricsSettings metrics;
  AccountSettings accounts;
  PublishSettings publish;
  ReadSettings read;
  AdvisorySettings advisories;
  CourseSettings courses;
  std::vector<RateGroup> rates;                  // a group that is not among them has no limit
  Duration orphan_grace = hours(24);             // blobs that no version names stay so long
  std::vector<std::string> prefixes = {"/npm"};  // where the npm API is served besides the root
};

}  // namespace kontor
