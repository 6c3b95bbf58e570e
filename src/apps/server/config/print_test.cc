// Generated texts: they read back, and the files that are checked in are the generated ones.
#include "apps/server/config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>

namespace kontor::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

LoadedConfig loaded_from(std::string text) {
  auto loaded = load({.file = SourceText{"c.json5", std::move(text)}});
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error()[0]);
  return loaded ? *loaded : LoadedConfig{};
}

// KONTOR_UPDATE=1 in the environment writes the file instead of comparing it.
void expect_checked_in(const std::string& path, const std::string& generated) {
  auto full = std::string(KONTOR_SOURCE_DIR) + "/" + path;
  if (std::getenv("KONTOR_UPDATE") != nullptr) std::ofstream(full) << generated;
  std::ifstream in(full);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_TRUE(text == generated) << path << " is out of date: run this test with KONTOR_UPDATE=1";
}

TEST(ConfigPrint, the_effective_configuration_reads_back) {
  auto first = loaded_from(
      "{listen: {port: 1}, prefixes: ['/a', '/b'], limits: {maxTarballBytes: '3MiB'},"
      " dataDir: 'a\"b\\\\c', auth: {bruteForce: {window: 1500}}, readOnly: true}");
  for (auto origins : {Origins::hidden, Origins::shown}) {
    auto second = loaded_from(effective_text(first, origins));
    EXPECT_TRUE(second.config == first.config);
    EXPECT_THAT(second.warnings, IsEmpty());
  }
}

TEST(ConfigPrint, shows_origins_only_when_asked) {
  auto loaded = load({.file = SourceText{"c.json5", "{listen: {port: 1}}"},
                      .environment = {{"REGISTRY_HOST", "::1"}}});
  ASSERT_TRUE(loaded);
  auto text = effective_text(*loaded, Origins::shown);
  EXPECT_THAT(text, HasSubstr("    port: 1,  // c.json5:1:17\n"));
  EXPECT_THAT(text, HasSubstr("    host: \"::1\",  // REGISTRY_HOST in the environment\n"));
  EXPECT_THAT(text, HasSubstr("    threads: 0,  // default\n"));
  EXPECT_THAT(effective_text(*loaded, Origins::hidden), Not(HasSubstr(",  // ")));
}

TEST(ConfigPrint, the_example_changes_nothing_whether_commented_or_not) {
  auto example = example_file();
  auto commented = loaded_from(example);
  EXPECT_TRUE(commented.config == Config{});
  auto all = loaded_from(std::regex_replace(example, std::regex("//(\\w+: )"), "$1"));
  EXPECT_TRUE(all.config == Config{});
  EXPECT_THAT(all.warnings, IsEmpty());
  for (const auto& key : keys())
    EXPECT_NE(all.origins[index_of(key)].kind, SourceKind::preset) << key.path;
}

TEST(ConfigPrint, the_example_of_variables_changes_nothing_whether_commented_or_not) {
  auto example = example_env_file();
  auto all = load({.env_file = SourceText{
                       ".env", std::regex_replace(example, std::regex("\n#KONTOR"), "\nKONTOR")}});
  ASSERT_TRUE(all) << all.error()[0];
  EXPECT_TRUE(all->config == Config{});
  EXPECT_THAT(all->warnings, IsEmpty());
  EXPECT_EQ(all->origins[index_of(*find_key("listen.port"))].kind, SourceKind::env_file);
}

TEST(ConfigPrint, the_documentation_names_every_key_and_variable) {
  auto text = configuration_markdown();
  for (const auto& key : keys()) {
    EXPECT_THAT(text, HasSubstr("| `" + std::string(key.path) + "`<br>"));
    EXPECT_THAT(text, HasSubstr("`" + environment_name(key.path) + "`"));
  }
}

TEST(ConfigPrint, the_files_checked_in_are_the_generated_ones) {
  expect_checked_in("docs/configuration.md", configuration_markdown());
  expect_checked_in("config/registry.config.json5", example_file());
  expect_checked_in(".env.registry.example", example_env_file());
}

}  // namespace
}  // namespace kontor::config
