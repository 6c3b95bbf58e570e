// The merge of all sources: precedence, places in messages, warnings, and silence about secrets.
#include "apps/server/config/load.h"

#include "apps/server/config/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kontor::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ConfigInputs file(std::string text, std::string name = "registry.config.json5") {
  return {.file = SourceText{std::move(name), std::move(text)}};
}

LoadedConfig good(const ConfigInputs& inputs) {
  auto loaded = load(inputs);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error()[0]);
  return loaded ? *loaded : LoadedConfig{.origins = std::vector<Origin>(keys().size())};
}

Problems bad(const ConfigInputs& inputs) {
  auto loaded = load(inputs);
  EXPECT_FALSE(loaded);
  return loaded ? Problems{} : loaded.error();
}

std::string origin(const LoadedConfig& loaded, std::string_view path) {
  return loaded.origins[index_of(*find_key(path))].text();
}

TEST(ConfigLoad, without_sources_everything_is_the_default) {
  auto loaded = good({});
  EXPECT_TRUE(loaded.config == Config{});
  EXPECT_THAT(loaded.warnings, IsEmpty());
  for (const auto& key : keys()) EXPECT_EQ(origin(loaded, key.path), "default") << key.path;
}

TEST(ConfigLoad, the_higher_source_wins_for_every_combination) {
  // Each bit switches one source on; the highest one that is on must be in effect.
  for (int sources = 0; sources < 16; ++sources) {
    ConfigInputs inputs;
    std::int64_t port = 4873;
    std::string from = "default";
    if (sources & 1) {
      inputs.file = SourceText{"c.json5", "{\n  listen: {port: 1001}}"};
      port = 1001, from = "c.json5:2:18";
    }
    if (sources & 2) {
      inputs.env_file = SourceText{".env.registry", "A=1\nKONTOR_LISTEN_PORT=1002\n"};
      port = 1002, from = "KONTOR_LISTEN_PORT in .env.registry:2";
    }
    if (sources & 4) {
      inputs.environment["KONTOR_LISTEN_PORT"] = "1003";
      port = 1003, from = "KONTOR_LISTEN_PORT in the environment";
    }
    if (sources & 8) {
      inputs.settings.push_back({"listen.port", "1004", "--port"});
      port = 1004, from = "--port";
    }
    auto loaded = good(inputs);
    EXPECT_EQ(loaded.config.listen.port, port) << sources;
    EXPECT_EQ(origin(loaded, "listen.port"), from) << sources;
    EXPECT_EQ(origin(loaded, "listen.host"), "default") << sources;
  }
}

TEST(ConfigLoad, upstream_variables_are_aliases_after_our_own) {
  auto loaded = good({.environment = {{"REGISTRY_PORT", "1001"}, {"REGISTRY_AUTH", "basic"}}});
  EXPECT_EQ(loaded.config.listen.port, 1001);
  EXPECT_EQ(loaded.config.auth.type, AuthType::basic);
  EXPECT_EQ(origin(loaded, "listen.port"), "REGISTRY_PORT in the environment");
  loaded = good(
      {.environment = {{"REGISTRY_PORT", "1"}, {"KONTOR_PORT", "2"}, {"KONTOR_LISTEN_PORT", "3"}}});
  EXPECT_EQ(loaded.config.listen.port, 3);
  loaded = good({.env_file = SourceText{".env.registry", "KONTOR_LISTEN_PORT=3"},
                 .environment = {{"REGISTRY_PORT", "1"}}});
  EXPECT_EQ(loaded.config.listen.port, 1) << "the environment wins under whatever name";
}

TEST(ConfigLoad, an_empty_variable_counts_as_not_set) {
  auto loaded = good({.env_file = SourceText{".env.registry", "KONTOR_DATA_DIR=/x\n"},
                      .environment = {{"KONTOR_DATA_DIR", ""}, {"KONTOR_PORT", ""}}});
  EXPECT_EQ(loaded.config.data_dir, "/x");
  EXPECT_EQ(loaded.config.listen.port, 4873);
}

TEST(ConfigLoad, every_key_can_be_set_by_its_variable_and_by_set) {
  const Config defaults;
  for (const auto& key : keys()) {
    auto name = environment_name(key.path);
    auto loaded = load({.environment = {{name, "?\x01?"}}});
    ASSERT_FALSE(loaded) << name << " is not read";
    EXPECT_THAT(loaded.error()[0],
                testing::StartsWith(name + " in the environment: " + std::string(key.path) + " "));
    auto set = load({.settings = {{std::string(key.path), "?\x01?"}}});
    ASSERT_FALSE(set) << key.path;
    EXPECT_THAT(set.error()[0], testing::StartsWith("--set: " + std::string(key.path) + " "));
  }
}

TEST(ConfigLoad, errors_name_file_line_and_column) {
  const std::pair<const char*, const char*> cases[] = {
      {"{\n  listen: {port: 'x'},\n}",
       "registry.config.json5:2:18: listen.port must be a whole number, not a string"},
      {"{\n  listen: 4873\n}",
       "registry.config.json5:2:11: listen must be an object, not a number"},
      {"{a: 1\n  b: 2}", "registry.config.json5:2:3: expected ',' or '}'"},
      {"[]", "registry.config.json5:1:1: the configuration must be an object, not an array"},
      {"", "registry.config.json5:1:1: expected a value, but the text ends"},
      {"{auth: {bruteForce: {\n\twindow: '1 year'}}}",
       "registry.config.json5:2:10: auth.bruteForce.window must be a duration such as \"30s\", "
       "\"5m\", \"1h\", not \"1 year\""},
      {"{dataDir: '${HOME_OF_DATA}'}",
       "registry.config.json5:1:11: dataDir refers to the variable HOME_OF_DATA, which is not set"},
  };
  for (auto [text, problem] : cases) EXPECT_THAT(bad(file(text)), ElementsAre(problem));
}

TEST(ConfigLoad, all_problems_are_told_at_once) {
  auto inputs = file("{listen: {port: 'x', threads: -1}}");
  inputs.environment["KONTOR_READ_ONLY"] = "perhaps";
  inputs.settings.push_back({"auth.tpye", "none"});
  EXPECT_THAT(
      bad(inputs),
      ElementsAre(
          "registry.config.json5:1:17: listen.port must be a whole number, not a string",
          "registry.config.json5:1:31: listen.threads must be 0 or more, 256 at most",
          "KONTOR_READ_ONLY in the environment: readOnly must be true or false, not \"perhaps\"",
          "--set: unknown key \"auth.tpye\"; did you mean \"auth.type\"?"));
}

TEST(ConfigLoad, unknown_keys_of_a_file_are_warnings_with_the_nearest_name) {
  auto loaded = good(file("{\n lisen: {port: 1},\n listen: {prot: 2},\n port: 3,\n zzz: 4}"));
  EXPECT_TRUE(loaded.config == Config{});
  EXPECT_THAT(
      loaded.warnings,
      ElementsAre("registry.config.json5:2:2: unknown key \"lisen\"; did you mean \"listen\"?",
                  "registry.config.json5:3:11: unknown key \"listen.prot\"; did you mean "
                  "\"listen.port\"?",
                  "registry.config.json5:4:2: unknown key \"port\"; did you mean \"listen.port\"?",
                  "registry.config.json5:5:2: unknown key \"zzz\""));
}

TEST(ConfigLoad, a_file_of_the_upstream_project_is_read_as_far_as_it_has_a_meaning) {
  auto loaded = good(file(R"({
    "name": "r", "url": "https://r.example/", "storage": {"type": "local"},
    "auth": {"type": "jwt", "jwtSecret": "s3cr3t-of-32-characters-and-more"},
    "packages": [{"pattern": "@x/*"}],
    "logging": {"level": "debug", "destination": "file"}})"));
  EXPECT_EQ(loaded.config.public_url, "https://r.example");
  EXPECT_EQ(loaded.config.auth.type, AuthType::jwt);
  EXPECT_EQ(loaded.config.auth.secret, "s3cr3t-of-32-characters-and-more");
  EXPECT_EQ(loaded.config.log.level, LogLevel::debug);
  ASSERT_EQ(loaded.warnings.size(), 4u);
  for (const auto& warning : loaded.warnings) {
    EXPECT_THAT(warning, HasSubstr("has no effect here"));
    EXPECT_EQ(warning.find("s3cr3t"), std::string::npos);
  }
}

TEST(ConfigLoad, a_key_given_twice_is_a_warning_and_the_later_one_counts) {
  auto loaded = good(file("{dataDir: 'a',\n dataDir: 'b'}"));
  EXPECT_EQ(loaded.config.data_dir, "b");
  EXPECT_THAT(loaded.warnings,
              ElementsAre("registry.config.json5:1:2: \"dataDir\" is given again further down, "
                          "where it wins"));
}

TEST(ConfigLoad, the_last_line_of_jsonl_counts_and_keeps_its_number) {
  auto text = "{\"dataDir\": \"a\"}\n{broken\n{\"dataDir\": \"b\"}\r\n\n  \n";
  EXPECT_EQ(good(file(text, "c.jsonl")).config.data_dir, "b");
  EXPECT_EQ(origin(good(file(text, "c.jsonl")), "dataDir"), "c.jsonl:3:13");
  EXPECT_THAT(bad(file("{}\n\n{\"dataDir\" 1}", "c.jsonl")),
              ElementsAre("c.jsonl:3:12: expected ':'"));
  EXPECT_EQ(bad(file("\n\n", "c.jsonl")).size(), 1u);
}

TEST(ConfigLoad, variables_in_strings_come_from_environment_then_env_file) {
  auto inputs = file("{dataDir: '${ROOT}/${LEAF}', listen: {port: '${P}'}}");
  inputs.env_file = SourceText{".env.registry", "ROOT=/env-file\nLEAF=data\nP=99\n"};
  inputs.environment = {{"ROOT", "/process"}, {"P", ""}};
  auto loaded = good(inputs);
  EXPECT_EQ(loaded.config.data_dir, "/process/data");
  EXPECT_EQ(loaded.config.listen.port, 99);
}

TEST(ConfigLoad, unknown_variables_of_ours_are_warnings) {
  auto loaded = good(
      {.env_file = SourceText{".env.registry", "KONTOR_ZZZZZZ=1\nUSER_ID=2\n"},
       .environment = {
           {"KONTOR_DATADIR", "x"}, {"KONTOR_SERVICE_ACCOUNT_FOR_SOMETHING", "y"}, {"HOME", "z"}}});
  EXPECT_THAT(loaded.warnings,
              ElementsAre(".env.registry:1: unknown variable KONTOR_ZZZZZZ",
                          "unknown variable KONTOR_DATADIR in the environment; did you mean "
                          "\"KONTOR_DATA_DIR\"?"));
}

TEST(ConfigLoad, an_address_set_by_a_container_platform_is_not_a_port) {
  auto loaded = good({.environment = {{"KONTOR_PORT", "tcp://10.0.0.1:4873"}}});
  EXPECT_EQ(loaded.config.listen.port, 4873);
  EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("container platform")));
}

TEST(ConfigLoad, env_files_have_comments_exports_and_quotes) {
  auto parsed = parse_env_file({".env",
                                "\xEF\xBB\xBF# comment\r\n"
                                "A=1 # note\r\n"
                                "export B = two words \n"
                                "C='single # \\n'  # note\n"
                                "D=\"a\\tb\\\"\\\\\\$\\x\"\n"
                                "E=\n"
                                "F=a#b\n"
                                "G=#c\n"
                                "A=last\n"});
  ASSERT_TRUE(parsed);
  const std::pair<const char*, const char*> values[] = {
      {"A", "last"}, {"B", "two words"}, {"C", "single # \\n"}, {"D", "a\tb\"\\$\\x"}, {"E", ""},
      {"F", "a#b"},  {"G", ""}};
  EXPECT_EQ(parsed->size(), std::size(values));
  for (auto [name, value] : values) EXPECT_EQ((*parsed)[name].value, value) << name;
  EXPECT_EQ((*parsed)["A"].line, 9u);
}

TEST(ConfigLoad, a_broken_env_file_stops_the_start_without_showing_its_lines) {
  ConfigInputs inputs;
  inputs.env_file = SourceText{".env.registry", "hunter2\nKONTOR_ADMIN_PASSWORD='hunter2\n1A=b\n"};
  EXPECT_THAT(bad(inputs),
              ElementsAre(".env.registry:1: expected NAME=value",
                          ".env.registry:2: the quoted value of KONTOR_ADMIN_PASSWORD must end "
                          "with its quote on the same line",
                          ".env.registry:3: expected NAME=value"));
}

TEST(ConfigLoad, settings_are_split_at_the_first_equals_sign) {
  auto setting = parse_setting("admin.password=a=b");
  ASSERT_TRUE(setting);
  EXPECT_EQ(setting->path, "admin.password");
  EXPECT_EQ(setting->value, "a=b");
  EXPECT_FALSE(parse_setting("readOnly"));
  EXPECT_FALSE(parse_setting("=x"));
}

TEST(ConfigLoad, the_last_setting_of_a_key_counts) {
  auto loaded = good({.settings = {{"readOnly", "true"}, {"readOnly", "false"}}});
  EXPECT_FALSE(loaded.config.read_only);
}

TEST(ConfigLoad, tls_needs_both_files) {
  EXPECT_THAT(bad(file("{tls: {certFile: 'c.pem'}}")),
              ElementsAre("tls.certFile (registry.config.json5:1:18) needs tls.keyFile beside it"));
  EXPECT_THAT(bad(file("{tls: {keyFile: 'k.pem'}}")),
              ElementsAre("tls.keyFile (registry.config.json5:1:17) needs tls.certFile beside it"));
  EXPECT_TRUE(good(file("{tls: {certFile: 'c', keyFile: 'k'}}")).config.tls.enabled());
}

TEST(ConfigLoad, no_authentication_only_on_loopback_or_when_insisted_on) {
  auto inputs = file("{auth: {type: 'none'}}");
  EXPECT_EQ(good(inputs).config.auth.type, AuthType::none);
  inputs.settings.push_back({"listen.host", "0.0.0.0", "--host"});
  EXPECT_THAT(bad(inputs), ElementsAre(HasSubstr("listen.host (--host)")));
  inputs.insecure = Insecure::allowed;
  EXPECT_EQ(good(inputs).config.auth.type, AuthType::none);
}

TEST(ConfigLoad, secrets_stand_in_no_message_and_in_no_print) {
  const std::string secret = "hunter2";
  ConfigInputs short_password{.environment = {{"KONTOR_ADMIN_PASSWORD", "hunter2"}}};
  EXPECT_THAT(bad(short_password),
              ElementsAre("admin.password (KONTOR_ADMIN_PASSWORD in the environment) is shorter "
                          "than the 8 characters that auth.passwordMinLength demands"));
  std::vector<ConfigInputs> cases = {
      {.environment = {{"KONTOR_ADMIN_PASSWORD", "hunter2\x01"}}},
      {.settings = {{"admin.password", "hunter2\n"}}},
      {.settings = {{"metrics.token", "hunter2\xFF"}}},
      file("{admin: {password: 'hunter2\\u0001'}}"),
      file("{admin: {password: 'hunter2' x}}"),
      file("{admin: {password: ['hunter2']}}"),
      file("{admin: {password: '${hunter2}'}}"),
      {.env_file = SourceText{".env.registry", "KONTOR_ADMIN_PASSWORD=\"hunter2"}},
      {.file = SourceText{"c.json5", "{listen: {port: '${SECRET}'}}"},
       .environment = {{"SECRET", "hunter2"}}},
  };
  for (const auto& inputs : cases)
    for (const auto& problem : bad(inputs))
      EXPECT_EQ(problem.find(secret), std::string::npos) << problem;
  auto loaded = good({.environment = {{"KONTOR_ADMIN_PASSWORD", "hunter2-and-more"},
                                      {"KONTOR_METRICS_TOKEN", "hunter2-token"}}});
  EXPECT_EQ(loaded.config.admin.password, "hunter2-and-more");
  EXPECT_EQ(effective_text(loaded, Origins::shown).find(secret), std::string::npos);
}

}  // namespace
}  // namespace kontor::config
