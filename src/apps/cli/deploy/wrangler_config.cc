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

Json bucket(const Deployment& d, const char* binding, const char* name) {
  return {{"binding", binding}, {"bucket_name", worker_name(d) + name}};
}

Json records(const Deployment& d) {
  Json records = {{"binding", "REGISTRY_CACHE"}};
  if (!d.kv_id.empty()) records["id"] = d.kv_id;
  return records;
}

struct ObjectClass {
  const char* binding;
  const char* name;
};
constexpr ObjectClass kObjects[] = {
    {"SEQUENCER", "Sequencer"}, {"COUNTERS", "Counters"}, {"RATES", "Rates"}, {"ERRORS", "Errors"},
    {"HEALTH", "Health"},       {"NAMES", "Names"},       {"TALLY", "Tally"}};

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
    config["r2_buckets"] = Json::array({bucket(d, "REGISTRY_NPM", "-registry-npm"),
                                        bucket(d, "REGISTRY_PRIVATE", "-registry-private"),
                                        bucket(d, "REGISTRY_CDN", "-registry-cdn")});
    config["kv_namespaces"] = Json::array({records(d)});
    Json bindings = Json::array();
    Json classes = Json::array();
    for (const auto& [name, type] : kObjects) {
      bindings.push_back({{"name", name}, {"class_name", type}});
      classes.push_back(type);
    }
    config["durable_objects"] = {{"bindings", std::move(bindings)}};
    config["triggers"] = {{"crons", Json::array({"* * * * *"})}};
    config["migrations"] = Json::array({{{"tag", "v1"}, {"new_sqlite_classes", classes}}});
  }
  return config.dump(2) + "\n";
}

}  // namespace kontor::cli
