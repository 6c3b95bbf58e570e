// What a deployment is made of.
#include "apps/cli/deploy/wrangler_config.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace kontor::cli {
namespace {

nlohmann::json rendered(const Deployment& deployment) {
  return nlohmann::json::parse(wrangler_config(deployment));
}

TEST(WranglerConfig, names_every_binding_the_worker_uses) {
  const auto config = rendered({.public_url = "https://registry.example"});
  EXPECT_EQ(config["name"], "kontor");
  EXPECT_EQ(config["d1_databases"][0]["binding"], "DB");
  std::vector<std::string> buckets;
  for (const auto& bucket : config["r2_buckets"]) buckets.push_back(bucket["binding"]);
  EXPECT_EQ(buckets,
            (std::vector<std::string>{"REGISTRY_NPM", "REGISTRY_PRIVATE", "REGISTRY_CDN"}));
  EXPECT_EQ(config["kv_namespaces"][0]["binding"], "REGISTRY_CACHE");
  const auto& objects = config["durable_objects"]["bindings"];
  EXPECT_EQ(objects.size(), 7u);
  for (const auto& object : objects)
    EXPECT_EQ(
        std::ranges::count(config["migrations"][0]["new_sqlite_classes"], object["class_name"]), 1)
        << object;
  EXPECT_EQ(config["vars"]["KONTOR_PUBLIC_URL"], "https://registry.example");
}

TEST(WranglerConfig, staging_shares_nothing_with_production) {
  const auto production = rendered({}), staging = rendered({.staging = true});
  for (const char* key : {"name", "d1_databases", "r2_buckets", "vars"})
    EXPECT_NE(production[key], staging[key]) << key;
  EXPECT_EQ(staging["vars"]["KONTOR_CACHE_METADATA_MAX_AGE"], "300s");
}

TEST(WranglerConfig, a_front_of_a_native_server_needs_no_store) {
  const auto config = rendered({.origin = "https://origin.example"});
  EXPECT_EQ(config["vars"]["ORIGIN"], "https://origin.example");
  for (const char* key : {"d1_databases", "r2_buckets", "kv_namespaces", "durable_objects"})
    EXPECT_FALSE(config.contains(key)) << key;
}

}  // namespace
}  // namespace kontor::cli
