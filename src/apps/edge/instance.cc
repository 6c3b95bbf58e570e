// Keys come from the one secret of the deployment.
#include "apps/edge/instance.h"

#include "apps/edge/start.h"
#include "apps/server/config/core_settings.h"
#include "base/encoding.h"
#include "base/hmac.h"
#include "formats/npm/error_envelope.h"
#include "formats/npm/search_entry.h"
#include "formats/ori/records.h"
#include "registry/error_body.h"
#include "registry/write_back.h"

#include <nlohmann/json.hpp>

namespace kontor::edge {
namespace {

constexpr std::uint64_t kDocuments = 2ull << 20;  // an instance is small, the worker has a cache

constexpr const Format* kFormats[] = {&npm::kNpm, &ori::kOri};

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
}

Instance::Instance(Config config, std::string version)
    : config_(std::move(config)),
      proxies_(proxy_rules(config_)),
      secrets_(key_for(config_, "two-factor")),
      bridge_(host_),
      session_(bridge_, host_, entropy_),
      packages_(session_),
      accounts_(session_),
      advisories_(session_),
      log_(session_),
      blobs_(host_, entropy_),
      failures_(failure_limits(config_)),
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
                settings_of(config_)},
      system_{registry_, metrics_, health_, std::move(version)},
      npm_{registry_},
      ori_{registry_, log_, blobs_},
      system_routes_("system", system_routes(), system_, error_body),
      user_routes_("users", user_routes(), registry_, error_body),
      advisory_routes_("advisories", advisory_routes(), registry_, error_body),
      ori_routes_("ori", ori::routes(), ori_, ori::error_response),
      account_routes_("npm-accounts", npm::account_routes(), npm_, npm::error_response),
      package_routes_("npm", npm::package_routes(), npm_, npm::error_response),
      gateway_(registry_, {{&system_routes_, false},
                           {&user_routes_, false},
                           {&advisory_routes_, false},
                           {&ori_routes_, false, ori::kRates},
                           {&account_routes_, true},
                           {&package_routes_, true}}) {}

Task<> Instance::start() {
  co_await bring_up_schema(session_, clock_.now());
  co_return co_await whole(bring_up_accounts(registry_, config_));
}

Task<Bytes> Instance::answer(EdgeRequest& request) {
  const auto resolved = request.resolve(proxies_, to_hex(entropy_.bytes(8)));
  if (!resolved) {
    const auto refusal = npm::error_response(resolved.error());
    co_return print_response(request.value(), refusal);
  }
  RouteLabel label;
  const auto response = co_await gateway_.handle(request.value(), &label);
  co_return print_response(request.value(), response);
}

Task<> Instance::settle() {
  return write_back(registry_);
}

}  // namespace kontor::edge
