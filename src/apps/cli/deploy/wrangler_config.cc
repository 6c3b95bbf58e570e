// One file an environment: wrangler's own environments inherit some keys and not others.
#include "apps/cli/deploy/wrangler_config.h"

#include <nlohmann/json.hpp>

namespace kontor::cli {
namespace {

using Json = nlohmann::ordered_json;

Json variables(const Deployment& d) {
  Json vars = {{"KONTOR_CACHE_METADATA_MAX_AGE", d.staging ? "300s" : "60s"}};
  if (!d.public_url.empty()) vars["KONTOR_PUBLIC_URL"] = d.public_url;
  if (!d.settings.empty()) vars["KONTOR_CONFIG"] = d.settings;
  if (!d.origin.empty()) vars["ORIGIN"] = d.origin;
  return vars;
}

Json database(const Deployment& d) {
  Json database = {{"binding", "DB"}, {"database_name", worker_name(d)}};
  if (!d.database_id.empty()) database["database_id"] = d.database_id;
  return database;
}

}  // namespace

std::string worker_name(const Deployment& d) {
  return d.staging ? d.name + "-staging" : d.name;
}

std::string wrangler_config(const Deployment& d) {
  Json config = {
      {"name", worker_name(d)},
      {"main", "worker.mjs"},
      {"compatibility_date", "2025-12-01"},
      {"no_bundle", true},
      {"rules",
       {{{"type", "ESModule"}, {"globs", {"*.mjs"}}},
        {{"type", "CompiledWasm"}, {"globs", {"*.wasm"}}}}},
      {"observability", {{"enabled", true}}},
      {"vars", variables(d)},
  };
  if (d.origin.empty()) {
    config["d1_databases"] = Json::array({database(d)});
    config["r2_buckets"] = {
        {{"binding", "REGISTRY_NPM"}, {"bucket_name", worker_name(d) + "-registry-npm"}}};
    config["durable_objects"] = {{"bindings",
                                  {{{"name", "SEQUENCER"}, {"class_name", "Sequencer"}},
                                   {{"name", "COUNTERS"}, {"class_name", "Counters"}}}}};
    config["migrations"] = {{{"tag", "v1"}, {"new_sqlite_classes", {"Sequencer", "Counters"}}}};
  }
  return config.dump(2) + "\n";
}

}  // namespace kontor::cli
