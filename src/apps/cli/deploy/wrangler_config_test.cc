// What a deployment is made of.
#include "apps/cli/deploy/wrangler_config.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kontor::cli {
namespace {

nlohmann::json rendered(const Deployment& deployment) {
  return nlohmann::json::parse(wrangler_config(deployment));
}

TEST(WranglerConfig, names_every_binding_the_worker_uses) {
  const auto config = rendered({.public_url = "https://registry.example"});
  EXPECT_EQ(config["name"], "kontor");
  EXPECT_EQ(config["d1_databases"][0]["binding"], "DB");
  EXPECT_EQ(config["r2_buckets"][0]["binding"], "REGISTRY_NPM");
  EXPECT_EQ(config["durable_objects"]["bindings"].size(), 2u);
  EXPECT_EQ(config["migrations"][0]["new_sqlite_classes"].size(), 2u);
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
  for (const char* key : {"d1_databases", "r2_buckets", "durable_objects"})
    EXPECT_FALSE(config.contains(key)) << key;
}

}  // namespace
}  // namespace kontor::cli
