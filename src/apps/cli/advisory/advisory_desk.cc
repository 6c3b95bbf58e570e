// The same calls, once over HTTP and once over the opened store.
#include "apps/cli/advisory/advisory_desk.h"

#include "apps/server/config/files.h"
#include "apps/server/settings.h"
#include "apps/upkeep/open_store.h"
#include "base/encoding.h"
#include "registry/advisories/answers.h"

#include <CLI/CLI.hpp>

namespace kontor::cli {
namespace {

constexpr const char* kApi = "/v1/advisories";
constexpr std::uint32_t kPage = 100;

class ServerDesk final : public AdvisoryDesk {
 public:
  explicit ServerDesk(RegistryClient client) : client_(std::move(client)) {}

  Result<Json> put(std::vector<Json> records, bool own) override {
    return client_.call("POST", kApi, {{"advisories", std::move(records)}, {"own", own}});
  }
  Result<Json> patch(const std::string& id, const Json& patch) override {
    return client_.call("PATCH", std::string(kApi) + "/" + percent_encode(id), patch);
  }
  Result<Json> page(const std::string& after) override {
    return client_.call("GET", std::string(kApi) + "?limit=" + std::to_string(kPage) +
                                   "&cursor=" + percent_encode(after));
  }
  Result<Json> about(const std::string& ecosystem, const std::string& package) override {
    return client_.call("GET", std::string(kApi) + "?package=" + percent_encode(package) +
                                   "&ecosystem=" + percent_encode(ecosystem));
  }

 private:
  RegistryClient client_;
};

Actor operator_here() {
  Actor actor;
  actor.principal.name = "kontor advisory";
  return actor;
}

Task<Json> put_all(AdvisoryPorts ports, std::shared_ptr<std::vector<Json>> records, bool own) {
  const auto results =
      co_await import_advisories(ports, operator_here(), std::move(*records), {.own = own});
  Json list = Json::array();
  for (const auto& result : results) list.push_back(to_json(result));
  co_return Json{{"results", std::move(list)}};
}

Task<Json> patch_one(AdvisoryPorts ports, std::string id, Json patch) {
  auto advisory = co_await patch_advisory(ports, operator_here(), std::move(id), std::move(patch));
  co_return std::move(advisory.document);
}

Task<Json> list_page(AdvisoryPorts ports, AdvisoryQuery query) {
  Json list = Json::array();
  std::string last;
  for (const auto& record : co_await ports.store.list(query)) {
    list.push_back(co_await parse_json(record.document, osv_json_limits()));
    last = record.id;
  }
  co_return Json{{"advisories", std::move(list)}, {"next", last.empty() ? Json() : Json(last)}};
}

class StoreDesk final : public AdvisoryDesk {
 public:
  StoreDesk(std::unique_ptr<upkeep::OpenStore> store, AdvisorySettings settings)
      : store_(std::move(store)), settings_(std::move(settings)) {}

  Result<Json> put(std::vector<Json> records, bool own) override {
    const auto shared = std::make_shared<std::vector<Json>>(std::move(records));
    return run([shared, own](AdvisoryPorts ports) { return put_all(ports, shared, own); });
  }
  Result<Json> patch(const std::string& id, const Json& patch) override {
    return run([id, patch](AdvisoryPorts ports) { return patch_one(ports, id, patch); });
  }
  Result<Json> page(const std::string& after) override {
    return run([after](AdvisoryPorts ports) {
      return list_page(ports, {.after = after, .limit = kPage});
    });
  }
  Result<Json> about(const std::string& ecosystem, const std::string& package) override {
    return run([subject = AdvisorySubject{ecosystem, package}](AdvisoryPorts ports) {
      return list_page(ports, {.subject = subject, .limit = 1000});
    });
  }

 private:
  Result<Json> run(std::function<Task<Json>(AdvisoryPorts)> make) {
    return store_->run_advisories<Json>(settings_, std::move(make));
  }

  std::unique_ptr<upkeep::OpenStore> store_;
  AdvisorySettings settings_;
};

Result<std::unique_ptr<AdvisoryDesk>> open_store_desk(const DeskOptions& options,
                                                      const CommandContext& context) {
  config::ConfigRequest request;
  request.directory = context.directory;
  if (!options.config_file.empty()) request.config_file = options.config_file;
  const auto loaded = config::load_files(request, context.environment);
  if (!loaded) return fail(Code::bad_request, loaded.error().front());
  auto store = upkeep::OpenStore::open(options.data_dir);
  if (!store) return fail(store);
  if ((*store)->beside_a_server())
    return fail(Code::unavailable, "A server uses " + options.data_dir +
                                       "; leave --data-dir away to ask it, or stop it.");
  return std::make_unique<StoreDesk>(std::move(*store),
                                     core_settings(loaded->config, {}).advisories);
}

}  // namespace

void add_desk_options(CLI::App& command, DeskOptions& options) {
  add_registry_options(command, options.registry);
  command.add_option("--data-dir", options.data_dir,
                     "Work in the data directory of a stopped server instead of at a running one");
  command.add_option("--config", options.config_file,
                     "With --data-dir: the configuration whose rules count");
}

Result<std::unique_ptr<AdvisoryDesk>> open_desk(const DeskOptions& options,
                                                const CommandContext& context) {
  if (!options.data_dir.empty()) return open_store_desk(options, context);
  auto client = RegistryClient::create(options.registry, context);
  if (!client) return fail(client);
  return std::make_unique<ServerDesk>(std::move(*client));
}

}  // namespace kontor::cli
