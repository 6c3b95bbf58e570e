#pragma once
// The configuration of one server as plain values. The initialisers here are the defaults; names,
// ranges, sources and documentation of every key stand in the table of keys.cc.
#include "base/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor {

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;

// Enumerators are spelled and ordered like the names in keys.cc.
enum class LogLevel : std::uint8_t { trace, debug, info, warn, error, off };
enum class LogFormat : std::uint8_t { json, text };
enum class AuthType : std::uint8_t { token, basic, none, jwt };
enum class PackageAccess : std::uint8_t { open, restricted };  // `open` is spelled "public"
enum class SignerProcess : std::uint8_t { separate, inside, external };
enum class NameCollisions : std::uint8_t { refuse, allow };
enum class ProgramsInCourses : std::uint8_t { allow, warn, reject };

struct ListenConfig {
  std::string host = "127.0.0.1";
  std::int64_t port = 4873;  // 0: any free port
  std::int64_t threads = 0;  // 0: one per core
  bool operator==(const ListenConfig&) const = default;
};

// Both files or none.
struct TlsConfig {
  std::string cert_file;
  std::string key_file;
  bool enabled() const { return !cert_file.empty(); }
  bool operator==(const TlsConfig&) const = default;
};

struct LogConfig {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::json;
  bool operator==(const LogConfig&) const = default;
};

struct BruteForceConfig {
  std::int64_t max_failures = 10;
  Duration window = minutes(5);
  bool operator==(const BruteForceConfig&) const = default;
};

// The server's questions to itself.
struct HealthConfig {
  Duration interval = seconds(30);  // 0: none
  std::int64_t history = 240;       // rounds kept
  bool operator==(const HealthConfig&) const = default;
};

struct AuthConfig {
  AuthType type = AuthType::token;
  bool allow_registration = false;
  bool anonymous_read = true;
  std::int64_t password_min_length = 8;
  std::int64_t token_max_days = 0;       // 0: tokens may live for ever
  std::int64_t max_password_hashes = 2;  // at the same time
  std::string secret;                    // empty: made once, in the data directory
  Duration token_expiry = days(7);
  BruteForceConfig brute_force;
  Duration web_login_timeout = minutes(5);
  bool operator==(const AuthConfig&) const = default;
};

struct AdminConfig {
  std::string name = "admin";
  std::string password;  // empty: the first start makes one and prints it
  bool operator==(const AdminConfig&) const = default;
};

struct NpmConfig {
  PackageAccess new_package_access = PackageAccess::open;
  NameCollisions name_collisions = NameCollisions::refuse;
  std::string trusted_root;  // file; empty: no provenance is taken
  bool operator==(const NpmConfig&) const = default;
};

struct OriConfig {
  std::string cdn_url;  // without a final slash; empty: archives are sent from here
  bool operator==(const OriConfig&) const = default;
};

struct ProgyConfig {
  ProgramsInCourses programs = ProgramsInCourses::warn;
  bool allow_force = false;
  std::string legacy_courses;  // JSON, checked; empty: none
  bool operator==(const ProgyConfig&) const = default;
};

struct UnpublishConfig {
  std::int64_t max_age_hours = 72;  // 0: never, -1: always
  bool operator==(const UnpublishConfig&) const = default;
};

struct LimitsConfig {
  std::uint64_t max_tarball_bytes = 200 * kMiB;
  std::uint64_t max_document_bytes = 16 * kMiB;
  std::uint64_t max_header_bytes = 16 * kKiB;
  std::int64_t max_headers = 100;
  std::int64_t max_connections = 10'000;
  std::int64_t max_connections_per_address = 512;
  Duration header_timeout = seconds(10);
  Duration body_timeout = seconds(30);  // without a byte
  Duration idle_timeout = seconds(75);
  std::uint64_t max_unpacked_bytes = kGiB;
  std::int64_t max_archive_entries = 100'000;
  std::int64_t max_compression_ratio = 100;
  std::int64_t max_json_depth = 64;
  bool operator==(const LimitsConfig&) const = default;
};

// One limit of requests, for each address and for each credential.
struct RateGroupConfig {
  std::int64_t max_requests = 0;  // 0: no limit
  std::int64_t window_ms = 60'000;
  bool operator==(const RateGroupConfig&) const = default;
};

struct RateLimitConfig {
  RateGroupConfig npm_read{6000};
  RateGroupConfig npm_write{60};
  RateGroupConfig ori{1000};
  RateGroupConfig ori_anonymous{100};
  RateGroupConfig progy_publish{10, 3'600'000};    // for each user
  RateGroupConfig progy_download{600, 3'600'000};  // for each address
  bool shared = false;
  bool operator==(const RateLimitConfig&) const = default;
};

struct ProcessorConfig {
  std::int64_t workers = 2;  // 0: archives are inspected in the server's own process
  bool operator==(const ProcessorConfig&) const = default;
};

struct CacheConfig {
  std::uint64_t memory_bytes = 64 * kMiB;
  std::uint64_t answer_bytes = 16 * kMiB;
  Duration metadata_max_age = seconds(0);
  bool operator==(const CacheConfig&) const = default;
};

struct SearchConfig {
  std::int64_t max_size = 250;
  bool operator==(const SearchConfig&) const = default;
};

struct MetricsConfig {
  std::string token;
  bool open = false;  // key metrics.public
  bool operator==(const MetricsConfig&) const = default;
};

struct GcConfig {
  Duration interval = hours(24);  // 0: never by itself
  Duration grace = hours(24);
  bool operator==(const GcConfig&) const = default;
};

struct AdvisoriesConfig {
  std::vector<std::string> policy = {"*/malicious=quarantine", "*/*=warn"};  // checked rules
  std::string prefix = "x_ADV";
  bool operator==(const AdvisoriesConfig&) const = default;
};

struct TransparencyConfig {
  std::string origin;  // without scheme and final slash; empty: from public_url or listen
  Duration interval = seconds(1);
  std::string witnesses;  // path of a policy; empty: none
  bool operator==(const TransparencyConfig&) const = default;
};

// Where courses are paid for.
struct PurchasesConfig {
  std::string stripe_key;  // empty: nothing can be paid for
  std::string stripe_webhook_secret;
  std::string stripe_url = "https://api.stripe.com";  // without a final slash
  bool operator==(const PurchasesConfig&) const = default;
};

// The git host that students have accounts at.
struct GitConfig {
  std::string api_url;    // without a final slash; empty: none
  std::string client_id;  // of this registry at the host; empty: users connect by tokens only
  std::string client_secret;
  bool operator==(const GitConfig&) const = default;
};

// Who holds the signing keys.
struct SigningConfig {
  SignerProcess process = SignerProcess::separate;
  std::string socket;  // of the signer; empty: in the data directory
  bool operator==(const SigningConfig&) const = default;
};

struct Config {
  ListenConfig listen;
  std::string public_url;  // without a final slash; empty: taken from each request
  std::string data_dir = "./kontor-data";
  std::vector<std::string> trusted_proxies;      // CIDR blocks, checked
  std::vector<std::string> prefixes = {"/npm"};  // without a final slash
  TlsConfig tls;
  LogConfig log;
  AuthConfig auth;
  HealthConfig health;
  AdminConfig admin;
  NpmConfig npm;
  OriConfig ori;
  ProgyConfig progy;
  UnpublishConfig unpublish;
  LimitsConfig limits;
  RateLimitConfig rate_limit;
  ProcessorConfig processor;
  CacheConfig cache;
  SearchConfig search;
  MetricsConfig metrics;
  TransparencyConfig transparency;
  AdvisoriesConfig advisories;
  SigningConfig signing;
  PurchasesConfig purchases;
  GitConfig git;
  GcConfig gc;
  Duration drain_timeout = seconds(10);
  bool read_only = false;
  bool operator==(const Config&) const = default;
};

}  // namespace kontor
