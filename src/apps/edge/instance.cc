// Keys come from the one secret of the deployment.
#include "apps/edge/instance.h"

#include "adapters/d1/schema.h"
#include "apps/edge/foresight.h"
#include "apps/edge/memories.h"
#include "apps/edge/setting_files.h"
#include "apps/edge/start.h"
#include "apps/server/config/core_settings.h"
#include "base/encoding.h"
#include "base/hmac.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/search_entry.h"
#include "formats/ori/records.h"
#include "formats/progy/records.h"
#include "formats/progy/storage_names.h"
#include "registry/advisories/scan.h"
#include "registry/error_body.h"
#include "registry/self_check.h"
#include "registry/sweep.h"
#include "registry/write_back.h"

#include <nlohmann/json.hpp>

namespace kontor::edge {
namespace {

constexpr Duration kNamedAgain{10 * 60 * 1000};
constexpr std::uint64_t kDocuments = 2ull << 20;  // an instance is small, the worker has a cache

constexpr const Format* kFormats[] = {&npm::kNpm, &ori::kOri, &progy::kProgy};

// Another key for each purpose, so that none tells of another.
Bytes key_for(const Config& config, std::string_view purpose) {
  return Bytes(hmac_sha256(config.auth.secret, purpose).view());
}

http::ProxyRules proxy_rules(const Config& config) {
  http::ProxyRules rules{.trusted = {}, .public_url = config.public_url};
  for (const auto& block : config.trusted_proxies)
    if (auto cidr = Cidr::parse(block)) rules.trusted.push_back(*cidr);
  return rules;
}

// What stands before "/log/" in the origins of the logs.
std::string origin_host(const Config& config) {
  if (!config.transparency.origin.empty()) return config.transparency.origin;
  const auto scheme = config.public_url.find("://");
  return scheme == config.public_url.npos ? "kontor.local" : config.public_url.substr(scheme + 3);
}

std::shared_ptr<const Settings> settings_of(const Config& config) {
  return std::make_shared<const Settings>(core_settings(config, key_for(config, "sessions")));
}

}  // namespace

void ConsoleObserver::failed(std::string_view request_id, const Error& error) {
  const nlohmann::ordered_json line = {{"level", "error"},
                                       {"event", "request_failed"},
                                       {"request_id", request_id},
                                       {"code", info(error.code).name},
                                       {"cause", error.cause}};
  write_log(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  if (info(error.code).status >= 500) errors_.add(request_id, error, clock_.now());
}

Instance::Instance(Config config, std::string version)
    : config_(std::move(config)),
      proxies_(proxy_rules(config_)),
      health_(host_, static_cast<std::uint32_t>(config_.health.history)),
      secrets_(key_for(config_, "two-factor")),
      session_(bridge_, host_, entropy_),
      packages_(session_),
      accounts_(session_),
      advisories_(session_),
      audit_(session_),
      eraser_(host_, entropy_, audit_),
      log_store_(session_),
      signer_(host_, clock_, entropy_, config_.auth.secret, origin_host(config_)),
      releases_(host_, clock_, entropy_, key_for(config_, "releases")),
      receipts_{log_store_, log_files_, progress_},
      credentials_(entropy_),
      documents_(kDocuments),
      answers_(0, entropy_),
      registry_{packages_,
                accounts_,
                blobs_,
                clock_,
                entropy_,
                passwords_,
                secrets_,
                failures_,
                observer_,
                credentials_,
                documents_,
                answers_,
                downloads_,
                {advisories_, kFormats},
                processor_,
                rates_,
                settings_of(config_),
                &session_,
                &shelf_},
      system_{registry_, metrics_, health_, std::move(version), false, &log_},
      upkeep_{registry_, {packages_, inventory_, audit_, log_store_, clock_, kFormats}},
      log_{registry_, log_store_, log_files_, signer_},
      rounds_({host_, registry_, log_store_, log_files_, signer_, releases_,
               config_.transparency.witnesses}),
      users_(registry_, session_, caller_, outside_accounts(config_)),
      npm_{registry_, &receipts_, &releases_},
      ori_{registry_, log_store_, archives_, &eraser_},
      keys_{registry_, signer_, signer_, releases_, log_store_},
      progy_{registry_, &receipts_, &users_.purchases(), config_.progy.legacy_courses, &names_},
      system_routes_("system", system_routes(), system_, error_body),
      error_routes_("errors", error_routes(), failed_, error_body),
      user_routes_("users", user_routes(), registry_, error_body),
      advisory_routes_("advisories", advisory_routes(), registry_, error_body),
      ori_routes_("ori", ori::routes(), ori_, ori::error_response),
      key_routes_("keys", key_routes(), keys_, error_body),
      progy_routes_("progy", progy::routes(), progy_, progy::error_response),
      log_routes_("log", log_routes(), log_, error_body),
      account_routes_("npm-accounts", npm::account_routes(), npm_, npm::error_response),
      package_routes_("npm", npm::package_routes(), npm_, npm::error_response),
      gateway_(registry_, mounts()) {}

std::vector<Gateway::Mount> Instance::mounts() {
  std::vector<Gateway::Mount> all = {{&system_routes_, false}};
  for (const auto& mount : users_.mounts()) all.push_back(mount);
  const std::initializer_list<Gateway::Mount> others = {{&upkeep_routes_, false},
                                                        {&error_routes_, false},
                                                        {&user_routes_, false},
                                                        {&advisory_routes_, false, ori::kRates},
                                                        {&ori_routes_, false, ori::kRates},
                                                        {&key_routes_, false},
                                                        {&progy_routes_, false},
                                                        {&log_routes_, false},
                                                        {&account_routes_, true, npm::kRates},
                                                        {&package_routes_, true, npm::kRates}};
  all.insert(all.end(), others);
  return all;
}

Task<> Instance::start() {
  co_await d1::bring_up_schema(session_, clock_.now());
  co_return co_await whole(bring_up_accounts(registry_, config_));
}

Task<Bytes> Instance::answer(EdgeRequest& request) {
  const auto resolved = request.resolve(proxies_, to_hex(entropy_.bytes(8)));
  if (!resolved) {
    const auto refusal = npm::error_response(resolved.error());
    co_return print_response(request.value(), refusal);
  }
  if (auto ready = co_await whole(prepare_for(request.value().method)); !ready)
    co_return print_response(request.value(), npm::error_response(ready.error()));
  session_.begin_request();
  if (auto told = co_await whole(fetch_for(request.value().path)); !told)
    co_return print_response(request.value(), npm::error_response(told.error()));
  foresee(registry_, request.value());
  RouteLabel label;
  const auto response = co_await gateway_.handle(request.value(), &label);
  co_return print_response(request.value(), response);
}

// What other objects tell, where it is asked for.
Task<> Instance::fetch_for(std::string_view path) {
  if (path == "/metrics") co_await metrics_.fetch();
  if (path.ends_with("/health/history")) co_await health_.fetch();
  co_return {};
}

// Roots of trust that cannot be read hold up changes, as they keep a native server from starting.
Task<> Instance::prepare_for(http::Method method) {
  if (config_.npm.trusted_root.empty() || attestations_ || method != http::Method::put)
    co_return {};
  const Bytes text = co_await read_setting_file(host_, config_.npm.trusted_root);
  attestations_.emplace(co_await sigstore::parse_trusted_root(text));
  npm_.attestations = &*attestations_;
  co_return {};
}

Bytes Instance::plan(Bytes message) {
  EdgeRequest request(host_, std::move(message));
  CachePlan plan;
  if (request.resolve(proxies_, {})) plan = cache_plan(request.value(), config_.prefixes);
  const bool rated = plan.use == CachePlan::Use::read && gateway_.shows_rate(request.value());
  MessageWriter out;
  out.number(static_cast<std::uint32_t>(plan.use)).bytes(plan.key);
  out.number(plan.counted).number(rated);
  for (const auto& tags : {plan.tags, plan.stale}) {
    out.number(static_cast<std::uint32_t>(tags.size()));
    for (const auto& tag : tags) out.bytes(tag);
  }
  return out.take();
}

Task<Bytes> Instance::count(EdgeRequest& request) {
  co_await request.resolve(proxies_, to_hex(entropy_.bytes(8)));
  const auto response = co_await gateway_.count(request.value());
  const auto sent = response.status == 204 ? ori_download(request.value().path) : std::nullopt;
  if (sent) downloads_.count(sent->key, sent->version, day_of(clock_.now()));
  co_return print_response(request.value(), response);
}

Bytes Instance::remembered(ByteView text) const {
  MessageReader message(text);
  const auto what = static_cast<Memory>(message.number());
  const ByteView value = message.bytes();
  const auto next = remember(what, value, message.bytes(), failure_limits(config_));
  return MessageWriter().number(next.kept_ms).bytes(next.value).bytes(next.answer).take();
}

Bytes Instance::lost() const {
  http::Request request;
  request.id = "0000000000000000";
  return print_response(request,
                        npm::error_response({.code = Code::unavailable, .retry_after_s = 1}));
}

Task<> Instance::settle() {
  session_.begin_request();
  return write_back(registry_);
}

Task<Bytes> Instance::replay(EdgeRequest& request) {
  rates_.rest(true);
  auto answered = co_await whole(answer(request));
  rates_.rest(false);
  co_return answered;
}

Task<> Instance::clean_hourly() {
  const bool is_full_hour = clock_.now().ms / minutes(1).ms % 60 == 0;
  if (is_full_hour) co_await inventory_.remove_leftovers();
  co_return {};
}

Task<Bytes> Instance::keep_up() {
  session_.begin_request();
  const auto swept = co_await whole(sweep_expired(registry_));
  const auto scanned = co_await whole(keep_scanned(advisory_ports(registry_)));
  const auto named = co_await whole(progy::name_recent(progy_, kNamedAgain));
  const auto cleaned = co_await whole(clean_hourly());
  if (config_.health.interval.ms > 0)
    co_await check_own_endpoints(registry_, gateway_, health_, own_endpoints());
  if (!swept) co_return std::unexpected(swept.error());
  if (!scanned) co_return std::unexpected(scanned.error());
  if (!named) co_return std::unexpected(named.error());
  if (!cleaned) co_return std::unexpected(cleaned.error());
  co_return MessageWriter().number(*scanned != 0).take();
}

}  // namespace kontor::edge
