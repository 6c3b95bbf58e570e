// Order matters twice: loops run before the first task, and listen only when all else stands.
#include "apps/server/server_process.h"

#include "adapters/filesystem/key_file.h"
#include "adapters/filesystem/whole_file.h"
#include "adapters/sigstore/bundle_verifier.h"
#include "adapters/system/sodium_secret_box.h"
#include "apps/server/course_names.h"
#include "apps/server/error_file.h"
#include "apps/server/run_blocking.h"
#include "apps/server/settings.h"
#include "formats/npm/signatures.h"
#include "registry/advisories/scan.h"
#include "registry/sweep.h"
#include "registry/totp_secret.h"
#include "registry/upkeep/collect.h"

#include <algorithm>
#include <latch>
#include <thread>

namespace kontor {
namespace {

constexpr std::size_t kDiskThreads = 4;
constexpr std::size_t kDiskQueue = 4096;
constexpr std::size_t kPasswordQueue = 64;
constexpr std::size_t kCallThreads = 2;
constexpr std::size_t kCallQueue = 64;
constexpr const char* kTwoFactorKey = "two-factor";
constexpr const char* kSessionKey = "sessions";
constexpr std::size_t kMaxTrustedRoot = 1 << 20;
constexpr Duration kFlushInterval = seconds(3);
constexpr Duration kSweepInterval = minutes(1);
constexpr Duration kScanInterval = seconds(5);  // for what a crash or other rules left
constexpr Duration kShareInterval = seconds(1);
constexpr std::uint32_t kForgottenAtOnce = 1000;
constexpr Duration kSignInterval = minutes(1);  // between looks for versions without a signature

std::size_t loop_count(const Config& config) {
  if (config.listen.threads > 0) return static_cast<std::size_t>(config.listen.threads);
  return std::max(1u, std::thread::hardware_concurrency());
}

// What a store says is for its users; the operator must know which file or folder it is about.
std::unexpected<Error> unusable(const std::string& path, Error error) {
  if (error.detail.empty()) error.detail = path + " cannot be used";
  return std::unexpected(std::move(error));
}

std::string host_in_url(const std::string& host) {
  if (host == "0.0.0.0" || host == "::" || host.empty()) return "localhost";
  return host.find(':') == host.npos ? host : "[" + host + "]";
}

Task<> collect_and_log(UpkeepPorts ports, Duration grace, Log& log) {
  const auto done = co_await collect_orphans(ports, {.grace = grace});
  log.write(LogLevel::info, "gc",
            {{"blobs", done.blobs},
             {"removed", done.removed},
             {"bytes", done.removed_bytes},
             {"young", done.young}});
  co_return {};
}

Task<> keep_advisories(Registry& registry) {
  co_await keep_scanned(advisory_ports(registry));
  co_return {};
}

// Versions that were published before the registry signed any.
Task<> sign_and_log(Registry& registry, ReleaseSigner& signer, Log& log) {
  const auto count = co_await npm::sign_stored_versions(registry, signer);
  if (count) log.write(LogLevel::info, "versions_signed", {{"versions", count}});
  co_return {};
}

// What stands before "/log/" in the origins of new logs.
std::string origin_host(const Config& config) {
  if (!config.transparency.origin.empty()) return config.transparency.origin;
  const auto scheme = config.public_url.find("://");
  if (scheme != config.public_url.npos) return config.public_url.substr(scheme + 3);
  return host_in_url(config.listen.host) + ":" + std::to_string(config.listen.port);
}

std::unexpected<Error> no_processors(const Error& error) {
  return fail(Code::unavailable,
              "no process for inspecting archives can be started; processor.workers=0 inspects "
              "them in the server's own process",
              error.cause);
}

}  // namespace

Result<std::unique_ptr<ServerProcess>> ServerProcess::create(const Config& config,
                                                             std::string version, Log& log) {
  auto data = DataDir::open(config.data_dir);
  if (!data) return fail(data);
  std::unique_ptr<ServerProcess> process(
      new ServerProcess(config, log, std::move(*data), std::move(version)));
  if (auto opened = process->open(); !opened) return fail(opened);
  return process;
}

ServerProcess::ServerProcess(Config config, Log& log, DataDir data, std::string version)
    : config_(std::move(config)),
      log_(log),
      version_(std::move(version)),
      data_(std::move(data)),
      failures_(failure_limits(config_)),
      health_(static_cast<std::size_t>(config_.health.history)),
      disk_workers_(kDiskThreads, kDiskQueue),
      password_workers_(static_cast<std::size_t>(config_.auth.max_password_hashes), kPasswordQueue),
      call_workers_(kCallThreads, kCallQueue),
      blob_commits_(fs::BlobLayout{data_.blobs()}) {}

ServerProcess::~ServerProcess() {
  server_.reset();
  for (auto& shard : shards_) shard->loop().stop();
  if (publisher_) publisher_->stop();
  // Other threads post to the loops until here.
  if (database_) database_->stop();
  disk_workers_.stop();
  password_workers_.stop();
  call_workers_.stop();
  if (processors_) processors_->stop();
  if (signing_) signing_->stop();
}

Result<void> ServerProcess::open() {
  if (auto started = start_processors(); !started) return started;
  if (auto prepared = blob_commits_.prepare(); !prepared)
    return unusable(data_.blobs(), std::move(prepared.error()));
  auto database =
      sqlite::Database::open({.path = data_.database(), .now = clock_.now(), .writer = {}});
  if (!database) return unusable(data_.database(), std::move(database.error()));
  database_ = std::move(*database);
  if (auto synced = data_.sync(); !synced) return synced;
  if (auto named = name_courses(data_.database(), blob_commits_.layout()); !named)
    log_.write(LogLevel::error, "courses_not_named", {{"cause", named.error().cause}});

  if (auto keys = load_keys(); !keys) return keys;
  if (auto root = load_trusted_root(); !root) return root;
  const auto settings = std::make_shared<const Settings>(core_settings(config_, session_key_));
  if (auto opened = open_logs(settings); !opened) return opened;
  errors_.restore(read_error_file(data_.errors()));
  const SharedParts parts{*database_,
                          blob_commits_,
                          *signing_,
                          data_.log(),
                          published_,
                          disk_workers_,
                          password_workers_,
                          call_workers_,
                          clock_,
                          entropy_,
                          *secrets_,
                          attestations_.get(),
                          failures_,
                          rates_,
                          processors_.get(),
                          metrics_,
                          health_,
                          errors_,
                          log_,
                          outside_accounts(config_),
                          config_.progy.legacy_courses,
                          version_};
  const std::size_t count = loop_count(config_);
  for (std::size_t i = 0; i < count; ++i) {
    auto shard = Shard::create(parts, settings, count);
    if (!shard) return fail(shard);
    shards_.push_back(std::move(*shard));
  }
  make_chores(*shards_.front());
  if (auto ready = await_processors(); !ready) return ready;
  if (auto listening = listen(); !listening) return listening;

  for (auto& shard : shards_) shard->loop().start();
  return prepare_accounts();
}

// All of them on one shard.
void ServerProcess::make_chores(Shard& shard) {
  self_check_ =
      std::make_unique<Chore>(Chore::Parts{shard.loop(), log_, "self_check_failed",
                                           [&shard] { return shard.check_self(own_endpoints()); }});
  sweep_ = std::make_unique<Chore>(Chore::Parts{
      shard.loop(), log_, "not_swept", [&shard] { return sweep_expired(shard.registry()); }});
  keep_errors_ = std::make_unique<Chore>(
      Chore::Parts{shard.loop(), log_, "errors_not_kept", [this] { return keep_errors(); }});
  share_rates_ = std::make_unique<Chore>(
      Chore::Parts{shard.loop(), log_, "rates_not_shared", [this] { return share_rates(); }});
  collect_ = std::make_unique<Chore>(Chore::Parts{shard.loop(), log_, "gc_failed", [this, &shard] {
                                                    return collect_and_log(shard.upkeep(),
                                                                           config_.gc.grace, log_);
                                                  }});
  scan_ =
      std::make_unique<Chore>(Chore::Parts{shard.loop(), log_, "advisories_not_scanned",
                                           [&shard] { return keep_advisories(shard.registry()); }});
  sign_ = std::make_unique<Chore>(Chore::Parts{shard.loop(), log_, "not_signed", [this, &shard] {
                                                 return sign_and_log(shard.registry(),
                                                                     shard.signer(), log_);
                                               }});
}

Result<void> ServerProcess::load_keys() {
  auto two_factor = fs::load_or_make_key(data_.key(kTwoFactorKey), entropy_);
  if (!two_factor) return fail(two_factor);
  secrets_ = std::make_unique<host::SodiumSecretBox>(std::move(*two_factor));
  auto sessions = fs::load_or_make_key(data_.key(kSessionKey), entropy_);
  if (!sessions) return fail(sessions);
  session_key_ = std::move(*sessions);
  return {};
}

Result<void> ServerProcess::load_trusted_root() {
  const std::string& path = config_.npm.trusted_root;
  if (path.empty()) return {};
  const auto text = fs::read_file(path, kMaxTrustedRoot);
  if (!text)
    return fail(Code::unavailable, "The file of npm.trustedRoot, " + path + ", cannot be read.",
                text.error().cause);
  auto root = sigstore::parse_trusted_root(*text);
  if (!root) return fail(Code::unavailable, path + ": " + root.error().detail);
  attestations_ = std::make_unique<sigstore::BundleVerifier>(std::move(*root));
  return {};
}

Result<void> ServerProcess::prepare_accounts() {
  Shard& shard = *shards_.front();
  auto first = run_blocking<FirstAdmin>(shard.loop(), [&] {
    return ensure_first_admin(shard.registry(), config_.admin.name, config_.admin.password);
  });
  if (!first) return fail(first);
  first_admin_ = std::move(*first);
  const auto totp = run_blocking<TotpSecrets>(
      shard.loop(), [&] { return seal_stored_totp_secrets(shard.registry()); });
  if (!totp) return std::unexpected(totp.error());
  if (totp->sealed_now)
    log_.write(LogLevel::info, "two_factor_sealed", {{"users", totp->sealed_now}});
  if (totp->unreadable)
    log_.write(LogLevel::error, "two_factor_unreadable",
               {{"users", totp->unreadable},
                {"problem", "the key file " + data_.key(kTwoFactorKey) +
                                " is not the one their secrets were sealed with; restore it"}});
  return {};
}

// Keys, files and database must belong together before anything is served.
// A small file, written only where something has failed.
Task<> ServerProcess::keep_errors() {
  if (!errors_.take_changed()) co_return {};
  co_return write_error_file(data_.errors(), errors_.groups());
}

Task<> ServerProcess::share_rates() {
  RateStore& store = shards_.front()->rate_store();
  using Keys = host::SharedRateLimiter::Keys;
  const auto which = config_.rate_limit.shared ? Keys::all : Keys::lasting;
  if (co_await rates_.exchange(store, which, clock_.now()) > 0)
    co_await store.forget_whole(clock_.now(), kForgottenAtOnce);
  co_return {};
}

Result<void> ServerProcess::start_processors() {
  if (config_.processor.workers == 0) return {};
  processors_ = std::make_unique<processing::WorkerPool>(
      processing::WorkerPool::Options{
          .program = "/proc/self/exe",
          .folder = blob_commits_.layout().staging(),
          .workers = static_cast<std::size_t>(config_.processor.workers)},
      log_);
  if (auto begun = processors_->begin(); !begun) return no_processors(begun.error());
  return {};
}

Result<void> ServerProcess::await_processors() {
  if (!processors_) return {};
  if (auto ready = processors_->prepare(); !ready) return no_processors(ready.error());
  return {};
}

Result<void> ServerProcess::open_logs(const std::shared_ptr<const Settings>& settings) {
  auto signing = signer::SignerHost::open(
      config_.signing, {data_.keys(), data_.signer_socket(), origin_host(config_)}, entropy_, log_);
  if (!signing) return fail(signing);
  signing_ = std::move(*signing);
  Result<tlog::Policy> witnesses;
  if (!config_.transparency.witnesses.empty())
    witnesses = read_witness_policy(config_.transparency.witnesses);
  if (!witnesses) return fail(witnesses);
  auto publisher = LogPublisher::open({*database_, data_.log(), signing_->blocking_signer(),
                                       published_, log_, std::move(*witnesses)});
  if (!publisher) return fail(publisher);
  publisher_ = std::move(*publisher);
  return publisher_->tell(clock_.now(), settings);
}

Result<void> ServerProcess::listen() {
  net::ServerOptions options;
  options.listen = {.host = config_.listen.host,
                    .port = static_cast<std::uint16_t>(config_.listen.port)};
  options.settings = server_settings(config_);
  options.tls = tls_options(config_);
  std::vector<net::ServerPart> parts;
  for (auto& shard : shards_) parts.push_back({shard->loop(), *shard, *shard, shard->observer()});
  auto server = net::Server::create(std::move(options), std::move(parts));
  if (!server) return fail(server);
  server_ = std::move(*server);
  metrics_.set_connections([this] { return server_->open_connections(); });
  metrics_.set_health(health_);
  return {};
}

void ServerProcess::start() {
  server_->start();
  for (auto& shard : shards_) shard->flush().repeat(kFlushInterval);
  keep_errors_->repeat(kFlushInterval);
  share_rates_->repeat(kShareInterval);
  sweep_->repeat(kSweepInterval);
  scan_->repeat(kScanInterval);
  sign_->run_then([this] { sign_->repeat(kSignInterval); });
  publisher_->start(config_.transparency.interval);
  if (config_.health.interval.ms > 0) self_check_->repeat(config_.health.interval);
  if (config_.gc.interval.ms > 0) collect_->repeat(config_.gc.interval);
}

std::string ServerProcess::url() const {
  if (!config_.public_url.empty()) return config_.public_url;
  const std::string scheme = config_.tls.enabled() ? "https" : "http";
  return scheme + "://" + host_in_url(config_.listen.host) + ":" + std::to_string(server_->port());
}

Result<void> ServerProcess::apply(const Config& config) {
  config_ = config;
  log_.set_level(config_.log.level);
  const auto settings = std::make_shared<const Settings>(core_settings(config_, session_key_));
  for (auto& shard : shards_) shard->loop().call([&shard, settings] { shard->apply(settings); });
  if (auto told = publisher_->tell(clock_.now(), settings); !told)
    log_.write(LogLevel::error, "policy_not_logged", {{"cause", told.error().cause}});
  server_->apply(server_settings(config_));
  const auto tls = tls_options(config_);
  return tls ? server_->reload_tls(*tls) : Result<void>{};
}

bool ServerProcess::drain(Duration deadline, const std::function<bool()>& hurried) {
  for (auto& shard : shards_) shard->loop().call([&shard] { shard->set_draining(); });
  const bool clean = server_->drain(deadline, hurried);
  std::latch flushed(static_cast<std::ptrdiff_t>(shards_.size()));
  for (auto& shard : shards_) shard->flush().run_then([&flushed] { flushed.count_down(); });
  flushed.wait();
  std::latch kept(2);
  keep_errors_->run_then([&kept] { kept.count_down(); });
  share_rates_->run_then([&kept] { kept.count_down(); });
  kept.wait();
  for (auto& shard : shards_) shard->loop().call([&shard] { shard->observer().flush(); });
  return clean;
}

}  // namespace kontor
