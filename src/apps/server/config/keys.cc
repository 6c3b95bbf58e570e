// The table itself. To add a key: a field in config.h and one entry here.
#include "apps/server/config/keys.h"

#include "apps/server/config/checks.h"
#include "apps/server/config/service_keys.h"
#include "apps/server/config/slots.h"

#include <algorithm>

namespace kontor::config {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr auto kMiBytes = static_cast<std::int64_t>(kMiB);
constexpr auto kGiBytes = static_cast<std::int64_t>(kGiB);
constexpr auto kReload = Apply::reload;
constexpr auto kSecret = Visibility::secret;

using C = Config;
using Limits = LimitsConfig;

constexpr Key kKeys[] = {
    {.path = "publicUrl",
     .slot = at<&C::public_url>,
     .doc = "The URL under which clients reach the registry, with any path a proxy adds. Tarball "
            "URLs are built from it. Empty means that they follow each request's host, and the "
            "forwarded headers of trusted proxies.",
     .check = check_public_url,
     .environment = {"REGISTRY_URL"},
     .file_alias = "url"},
    {.path = "dataDir",
     .slot = at<&C::data_dir>,
     .doc = "Folder of the database and the package files, made when missing. A relative path "
            "starts at the working directory.",
     .check = check_not_empty},
    {.path = "trustedProxies",
     .slot = at<&C::trusted_proxies>,
     .doc = "Addresses (CIDR blocks) of proxies whose `X-Forwarded-*` and `Forwarded` headers are "
            "believed. Others' are ignored.",
     .apply = kReload,
     .check = check_cidr},
    {.path = "prefixes",
     .slot = at<&C::prefixes>,
     .doc = "Paths under which the npm API is served again, besides the root.",
     .check = check_prefix},
    {.path = "drainTimeout",
     .slot = at<&C::drain_timeout>,
     .doc = "How long a stop waits for requests under way.",
     .max = 3600 * kSecond},
    {.path = "readOnly", .slot = at<&C::read_only>, .doc = "Whether to refuse every write."},
    {.path = "listen.host",
     .slot = at<&C::listen, &ListenConfig::host>,
     .doc = "Address or name to listen on. `0.0.0.0` and `::` mean every interface.",
     .check = check_host,
     .environment = {"KONTOR_HOST", "REGISTRY_HOST"}},
    {.path = "listen.port",
     .slot = at<&C::listen, &ListenConfig::port>,
     .doc = "TCP port. 0 takes any free port and logs it.",
     .max = 65'535,
     .environment = {"KONTOR_PORT", "REGISTRY_PORT"}},
    {.path = "listen.threads",
     .slot = at<&C::listen, &ListenConfig::threads>,
     .doc = "Threads that serve requests. 0 means one per core, two at least.",
     .max = 256},
    {.path = "tls.certFile",
     .slot = at<&C::tls, &TlsConfig::cert_file>,
     .doc = "PEM file of the certificate chain. With `tls.keyFile` it switches to HTTPS. A reload "
            "reads both files again; switching TLS on or off needs a restart.",
     .apply = kReload},
    {.path = "tls.keyFile",
     .slot = at<&C::tls, &TlsConfig::key_file>,
     .doc = "PEM file of the private key that belongs to `tls.certFile`.",
     .apply = kReload},
    {.path = "log.level",
     .slot = at<&C::log, &LogConfig::level>,
     .doc = "The least severe messages that are logged.",
     .apply = kReload,
     .file_alias = "logging.level"},
    {.path = "log.format",
     .slot = at<&C::log, &LogConfig::format>,
     .doc = "`json`: one object a line, for machines. `text`: for people.",
     .file_alias = "logging.format"},
    {.path = "auth.type",
     .slot = at<&C::auth, &AuthConfig::type>,
     .doc = "`token`: tokens, made by logging in. `basic`: user name and password with each "
            "request are accepted as well. `jwt`: a login yields a signed session of "
            "`auth.tokenExpiry` that no store keeps, and tokens made by `npm token create` work "
            "beside it. `none`: everybody may do everything; refused unless `listen.host` is a "
            "loopback address or the server is started with `--insecure`.",
     .apply = kReload,
     .environment = {"REGISTRY_AUTH"}},
    {.path = "auth.allowRegistration",
     .slot = at<&C::auth, &AuthConfig::allow_registration>,
     .doc = "Whether strangers may make themselves an account (`npm adduser`).",
     .apply = kReload},
    {.path = "auth.anonymousRead",
     .slot = at<&C::auth, &AuthConfig::anonymous_read>,
     .doc = "Whether public packages can be read without a login.",
     .apply = kReload},
    {.path = "auth.passwordMinLength",
     .slot = at<&C::auth, &AuthConfig::password_min_length>,
     .doc = "Fewest characters of a new password.",
     .min = 1,
     .max = 128,
     .apply = kReload},
    {.path = "auth.tokenMaxDays",
     .slot = at<&C::auth, &AuthConfig::token_max_days>,
     .doc = "Longest life of a new token in days. 0 means no limit.",
     .max = 3650,
     .apply = kReload},
    {.path = "auth.tokenExpiry",
     .slot = at<&C::auth, &AuthConfig::token_expiry>,
     .doc = "Life of the session a login yields with `auth.type` `jwt`.",
     .min = 60 * kSecond,
     .max = 366 * kDay,
     .apply = kReload},
    {.path = "auth.secret",
     .slot = at<&C::auth, &AuthConfig::secret>,
     .doc = "Key that signs sessions with `auth.type` `jwt`, at least 32 characters. Empty means a "
            "key made once in the data directory (`keys/sessions`). Another key ends all sessions. "
            "Never the key of a registry with other accounts: its sessions would be taken for "
            "those of our users.",
     .apply = kReload,
     .visibility = kSecret,
     .check = check_secret,
     .environment = {"AUTH_SECRET"},
     .file_alias = "auth.jwtSecret"},
    {.path = "auth.maxPasswordHashes",
     .slot = at<&C::auth, &AuthConfig::max_password_hashes>,
     .doc = "Passwords hashed at the same time; further logins wait. Each takes 64 MiB of memory "
            "or so.",
     .min = 1,
     .max = 64},
    {.path = "auth.bruteForce.maxFailures",
     .slot = at<&C::auth, &AuthConfig::brute_force, &BruteForceConfig::max_failures>,
     .doc = "Failed logins of one account or address within the window, after which it has to "
            "wait.",
     .min = 1,
     .max = 1'000'000,
     .apply = kReload},
    {.path = "auth.bruteForce.window",
     .slot = at<&C::auth, &AuthConfig::brute_force, &BruteForceConfig::window>,
     .doc = "How long failed logins count.",
     .min = kSecond,
     .max = kDay,
     .apply = kReload},
    {.path = "auth.webLoginTimeout",
     .slot = at<&C::auth, &AuthConfig::web_login_timeout>,
     .doc = "How long a login begun by `npm login` waits for the browser. 32 may wait for one "
            "address (a /64 of IPv6), 4096 in all; more are refused with 429 until some end.",
     .min = 10 * kSecond,
     .max = kDay,
     .apply = kReload},
    {.path = "admin.name",
     .slot = at<&C::admin, &AdminConfig::name>,
     .doc = "Name of the account the first start makes.",
     .check = check_user_name},
    {.path = "admin.password",
     .slot = at<&C::admin, &AdminConfig::password>,
     .doc = "Password of that account. Empty means that the first start makes one and prints it "
            "once. Without effect when the account exists.",
     .visibility = kSecret},
    {.path = "npm.newPackageAccess",
     .slot = at<&C::npm, &NpmConfig::new_package_access>,
     .doc = "Who may read a new package when its publisher does not say: everybody, or those who "
            "were given access.",
     .apply = kReload},
    {.path = "npm.nameCollisions",
     .slot = at<&C::npm, &NpmConfig::name_collisions>,
     .doc = "Whether a new package may have a name that differs from another one's only in case, "
            "punctuation or look.",
     .apply = kReload},
    {.path = "npm.trustedRoot",
     .slot = at<&C::npm, &NpmConfig::trusted_root>,
     .doc = "File with the roots that provenance is verified by, Sigstore's `trusted_root.json` or "
            "one of your own. Empty means that a publish with provenance is refused."},
    {.path = "unpublish.maxAgeHours",
     .slot = at<&C::unpublish, &UnpublishConfig::max_age_hours>,
     .doc = "Hours after its publication within which an owner may remove a version. 0 means "
            "never, -1 always. Administrators may always.",
     .min = -1,
     .max = 876'000,
     .apply = kReload},
    {.path = "limits.maxTarballBytes",
     .slot = at<&C::limits, &Limits::max_tarball_bytes>,
     .doc = "Largest tarball.",
     .min = 1024,
     .max = 4 * kGiBytes,
     .apply = kReload},
    {.path = "limits.maxDocumentBytes",
     .slot = at<&C::limits, &Limits::max_document_bytes>,
     .doc = "Largest JSON document in a request; of a publish, without its tarball.",
     .min = 1024,
     .max = kGiBytes,
     .apply = kReload},
    {.path = "limits.maxHeaderBytes",
     .slot = at<&C::limits, &Limits::max_header_bytes>,
     .doc = "Largest head of a request: request line and headers. Beyond it stands status 431.",
     .min = 4096,
     .max = kMiBytes,
     .apply = kReload},
    {.path = "limits.maxHeaders",
     .slot = at<&C::limits, &Limits::max_headers>,
     .doc = "Most headers of a request.",
     .min = 16,
     .max = 10'000,
     .apply = kReload},
    {.path = "limits.maxConnections",
     .slot = at<&C::limits, &Limits::max_connections>,
     .doc = "Most open connections.",
     .min = 1,
     .max = 1'000'000,
     .apply = kReload},
    {.path = "limits.maxConnectionsPerAddress",
     .slot = at<&C::limits, &Limits::max_connections_per_address>,
     .doc = "Most open connections of one client address. Trusted proxies are exempt.",
     .min = 1,
     .max = 1'000'000,
     .apply = kReload},
    {.path = "limits.headerTimeout",
     .slot = at<&C::limits, &Limits::header_timeout>,
     .doc = "Longest time for a request's head to arrive.",
     .min = 100,
     .max = 600 * kSecond,
     .apply = kReload},
    {.path = "limits.bodyTimeout",
     .slot = at<&C::limits, &Limits::body_timeout>,
     .doc = "Longest pause within a body, in either direction.",
     .min = 100,
     .max = 3600 * kSecond,
     .apply = kReload},
    {.path = "limits.idleTimeout",
     .slot = at<&C::limits, &Limits::idle_timeout>,
     .doc = "How long an idle connection is kept open.",
     .min = 100,
     .max = 3600 * kSecond,
     .apply = kReload},
    {.path = "limits.maxUnpackedBytes",
     .slot = at<&C::limits, &Limits::max_unpacked_bytes>,
     .doc = "Largest sum of a tarball's unpacked files.",
     .min = 1024,
     .max = 64 * kGiBytes,
     .apply = kReload},
    {.path = "limits.maxArchiveEntries",
     .slot = at<&C::limits, &Limits::max_archive_entries>,
     .doc = "Most files and folders in a tarball.",
     .min = 1,
     .max = 10'000'000,
     .apply = kReload},
    {.path = "limits.maxCompressionRatio",
     .slot = at<&C::limits, &Limits::max_compression_ratio>,
     .doc = "Most unpacked bytes for each byte of a tarball. Small tarballs are not judged by it.",
     .min = 2,
     .max = 2000,
     .apply = kReload},
    {.path = "limits.maxJsonDepth",
     .slot = at<&C::limits, &Limits::max_json_depth>,
     .doc = "Deepest nesting of a JSON document.",
     .min = 8,
     .max = 256,
     .apply = kReload},
    {.path = "cache.memoryBytes",
     .slot = at<&C::cache, &CacheConfig::memory_bytes>,
     .doc = "Memory for rendered documents and compressed parts of long ones, divided among the "
            "loops. 0 switches the cache off.",
     .max = 64 * kGiBytes},
    {.path = "cache.answerBytes",
     .slot = at<&C::cache, &CacheConfig::answer_bytes>,
     .doc = "Memory for what is known about answers that were given before, about 1.5 KB each: "
            "they are given again without asking the database. 0 switches that off.",
     .max = 64 * kGiBytes},
    {.path = "cache.metadataMaxAge",
     .slot = at<&C::cache, &CacheConfig::metadata_max_age>,
     .doc = "How long shared caches between registry and client may serve package metadata. 0 "
            "makes them ask each time. Clients themselves always ask, so that they see their own "
            "publishes.",
     .max = kDay},
    {.path = "search.maxSize",
     .slot = at<&C::search, &SearchConfig::max_size>,
     .doc = "Most results on one page of a search.",
     .min = 1,
     .max = 1000},
    {.path = "advisories.policy",
     .slot = at<&C::advisories, &AdvisoriesConfig::policy>,
     .doc =
         "Rules for versions that an advisory affects, `SOURCE/LEVEL=MEASURE`; the first that "
         "fits counts. Source: what stands before the first hyphen of the advisory's id, such as "
         "`GHSA`, or `*`. Level: `low`, `moderate`, `high`, `critical`, `unknown`, `malicious` "
         "(whatever its severity), or `*`. Measure: `warn` shows the advisory beside the "
         "version; `block` also refuses to publish such a version; `quarantine` also stops "
         "serving it.",
     .apply = kReload,
     .check = check_advisory_rule},
    {.path = "advisories.prefix",
     .slot = at<&C::advisories, &AdvisoriesConfig::prefix>,
     .doc = "Begins the ids of advisories that are written here: `x_ADV` makes `x_ADV-2026-0001`. "
            "The OSV schema wants `x_` in front of prefixes that are not registered with it.",
     .apply = kReload,
     .check = check_advisory_prefix},
    {.path = "transparency.origin",
     .slot = at<&C::transparency, &TransparencyConfig::origin>,
     .doc = "Name under which the transparency logs sign, without scheme: `registry.example` signs "
            "as `registry.example/log/public`. It is taken at the first start and stays with the "
            "keys. Empty means `publicUrl`, or the address that is listened on.",
     .check = check_log_origin},
    {.path = "transparency.interval",
     .slot = at<&C::transparency, &TransparencyConfig::interval>,
     .doc = "How often new entries of the logs are published under a signed checkpoint.",
     .min = 50,
     .max = 3600 * kSecond},
    {.path = "transparency.witnesses",
     .slot = at<&C::transparency, &TransparencyConfig::witnesses>,
     .doc = "A C2SP tlog-policy file. Logs that it names, or the public one if it names none, are "
            "published only once a quorum of its witnesses has cosigned. Empty: no witnesses."},
    {.path = "signing.process",
     .slot = at<&C::signing, &SigningConfig::process>,
     .doc = "Where the signing keys are held. `separate`: in a process of their own, which the "
            "server starts, and starts again when it ends. `inside`: in the server, which saves a "
            "process on a tiny host. `external`: in a `kontor signer` that somebody else runs, as "
            "another user say."},
    {.path = "signing.socket",
     .slot = at<&C::signing, &SigningConfig::socket>,
     .doc = "Path of the signer's socket. Empty means `signer.sock` in the data directory; with "
            "`signing.process` `inside` there is none."},
    {.path = "metrics.token",
     .slot = at<&C::metrics, &MetricsConfig::token>,
     .doc = "Bearer token that opens `/metrics`. Empty means that administrators' tokens do.",
     .visibility = kSecret},
    {.path = "metrics.public",
     .slot = at<&C::metrics, &MetricsConfig::open>,
     .doc = "Whether everybody may read `/metrics`."},
    {.path = "health.interval",
     .slot = at<&C::health, &HealthConfig::interval>,
     .doc = "How often the server asks its own endpoints; 0 never. What it found is at "
            "`/-/kontor/v1/health/history` and in the metrics.",
     .max = kDay},
    {.path = "health.history",
     .slot = at<&C::health, &HealthConfig::history>,
     .doc = "Rounds of these questions that are kept, the newest.",
     .min = 1,
     .max = 10'000},
    {.path = "gc.interval",
     .slot = at<&C::gc, &GcConfig::interval>,
     .doc = "How often the server removes tarballs that no version has. 0 leaves it to `kontor "
            "gc`.",
     .max = 366 * kDay},
    {.path = "gc.grace",
     .slot = at<&C::gc, &GcConfig::grace>,
     .doc = "How long such a tarball stays, counted from when its bytes were first kept.",
     .max = 366 * kDay},
};

constexpr auto kAllKeys = [] {
  std::array<Key, std::size(kKeys) + std::size(kServiceKeys)> all{};
  const auto end = std::ranges::copy(kKeys, all.begin()).out;
  std::ranges::copy(kServiceKeys, end);
  return all;
}();

}  // namespace

std::span<const Key> keys() {
  return kAllKeys;
}

const Key* find_key(std::string_view path) {
  for (const auto& key : kAllKeys)
    if (key.path == path || (!key.file_alias.empty() && key.file_alias == path)) return &key;
  return nullptr;
}

std::size_t index_of(const Key& key) {
  return static_cast<std::size_t>(&key - kAllKeys.data());
}

std::string environment_name(std::string_view path) {
  std::string name = "KONTOR_";
  for (char c : path) {
    if (c >= 'A' && c <= 'Z') name += '_';
    if (c == '.') c = '_';
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

std::string type_name(const Slot& slot) {
  if (auto* choice = std::get_if<ChoiceSlot>(&slot)) {
    std::string text = "one of ";
    for (std::size_t i = 0; i < choice->names.size(); ++i)
      text.append(i == 0 ? "" : ", ").append("\"").append(choice->names[i]).append("\"");
    return text;
  }
  static constexpr std::array<std::string_view, 6> kNames = {
      "true or false", "a whole number", "a size", "a duration", "a string", "a list of strings"};
  return std::string(kNames[slot.index()]);
}

}  // namespace kontor::config
