// Single values: units, types, ranges, and what messages may show.
#include "apps/server/config/value.h"

#include "apps/server/config/render.h"
#include "apps/server/config/suggest.h"
#include "apps/server/config/units.h"

#include <gtest/gtest.h>

namespace kontor::config {
namespace {

const Key& key(std::string_view path) {
  const auto* found = find_key(path);
  EXPECT_NE(found, nullptr) << path;
  return *found;
}

std::string text_problem(std::string_view path, std::string_view text) {
  Config config;
  auto problem = set_from_text(config, key(path), text);
  EXPECT_TRUE(config == Config{}) << path;
  return problem.value_or("");
}

std::string json_problem(std::string_view path, std::string_view text) {
  Config config;
  auto value = parse_json5(text);
  EXPECT_TRUE(value) << text;
  auto lookup = [](std::string_view name) -> std::optional<std::string> {
    if (name == "WORD") return "word";
    if (name == "PORT") return "8080";
    return std::nullopt;
  };
  return set_from_json(config, key(path), *value, lookup).value_or(render(config, key(path)));
}

TEST(ConfigUnits, durations) {
  const std::pair<const char*, std::int64_t> good[] = {{"0", 0},
                                                       {"1500", 1500},
                                                       {"250ms", 250},
                                                       {"30s", 30'000},
                                                       {"5m", 300'000},
                                                       {"1h", 3'600'000},
                                                       {"1.5h", 5'400'000},
                                                       {"7d", 604'800'000},
                                                       {"2w", 1'209'600'000},
                                                       {" 30 s ", 30'000},
                                                       {"5M", 300'000},
                                                       {"0.25s", 250}};
  for (auto [text, ms] : good) EXPECT_EQ(parse_duration(text), Duration{ms}) << text;
  for (auto text : {"", "s", "30x", "-1s", "1.s", ".5s", "1.2.3s", "1e3", "30s5m", "0.5ms",
                    "9223372036854775808", "99999999999999999999", "9223372036854775807w"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(ConfigUnits, sizes) {
  const std::pair<const char*, std::uint64_t> good[] = {{"0", 0},
                                                        {"4096", 4096},
                                                        {"16KiB", 16 * kKiB},
                                                        {"200MiB", 200 * kMiB},
                                                        {"1 GiB", kGiB},
                                                        {"1kb", 1000},
                                                        {"1.5GB", 1'500'000'000},
                                                        {"2tib", 2048 * kGiB},
                                                        {"1TB", 1'000'000'000'000},
                                                        {"12b", 12}};
  for (auto [text, bytes] : good) EXPECT_EQ(parse_size(text), bytes) << text;
  for (auto text : {"", "MiB", "1M", "1.5", "-1", "1 2", "8388608TiB", "0x10"})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(ConfigUnits, what_is_rendered_reads_back) {
  for (std::int64_t ms : {0, 1, 999, 1000, 60'000, 90'000, 3'600'000, 86'400'000, 604'800'000}) {
    EXPECT_EQ(parse_duration(render_duration({ms})), Duration{ms});
  }
  for (std::uint64_t n : {std::uint64_t{0}, std::uint64_t{1}, kKiB, kKiB + 1, 200 * kMiB, 3 * kGiB})
    EXPECT_EQ(parse_size(render_size(n)), n);
  EXPECT_EQ(render_duration({300'000}), "5m");
  EXPECT_EQ(render_size(200 * kMiB), "200MiB");
  EXPECT_EQ(render_size(0), "0");
}

TEST(ConfigValue, reads_every_type_from_text) {
  Config config;
  auto set = [&config](std::string_view path, std::string_view text) {
    EXPECT_EQ(set_from_text(config, key(path), text), std::nullopt) << path;
  };
  set("auth.allowRegistration", "Yes");
  set("auth.anonymousRead", "0");
  set("listen.port", " 8080 ");
  set("unpublish.maxAgeHours", "-1");
  set("limits.maxTarballBytes", "1GiB");
  set("drainTimeout", "1m");
  set("log.level", "debug");
  set("npm.newPackageAccess", "restricted");
  set("publicUrl", "https://r.example/npm/");
  set("prefixes", "/npm, /a/b/ ,");
  set("trustedProxies", "['10.0.0.0/8', \"::1\",]");
  EXPECT_TRUE(config.auth.allow_registration);
  EXPECT_FALSE(config.auth.anonymous_read);
  EXPECT_EQ(config.listen.port, 8080);
  EXPECT_EQ(config.unpublish.max_age_hours, -1);
  EXPECT_EQ(config.limits.max_tarball_bytes, kGiB);
  EXPECT_EQ(config.drain_timeout, minutes(1));
  EXPECT_EQ(config.log.level, LogLevel::debug);
  EXPECT_EQ(config.npm.new_package_access, PackageAccess::restricted);
  EXPECT_EQ(config.public_url, "https://r.example/npm");
  EXPECT_EQ(config.prefixes, (std::vector<std::string>{"/npm", "/a/b"}));
  EXPECT_EQ(config.trusted_proxies, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
  set("prefixes", "");
  EXPECT_TRUE(config.prefixes.empty());
}

TEST(ConfigValue, a_bad_text_is_named_and_changes_nothing) {
  const std::array<const char*, 3> cases[] = {
      {"listen.port", "http", "must be a whole number, not \"http\""},
      {"listen.port", "", "must be a whole number, not \"\""},
      {"listen.port", "-1", "must be 0 or more, 65535 at most"},
      {"listen.port", "65536", "must be 0 or more, 65535 at most"},
      {"listen.port", "99999999999999999999",
       "must be a whole number, not \"99999999999999999999\""},
      {"readOnly", "maybe", "must be true or false, not \"maybe\""},
      {"log.format", "xml", "must be one of \"json\", \"text\", not \"xml\""},
      {"auth.type", "ldap", "must be one of \"token\", \"basic\", \"none\", \"jwt\", not \"ldap\""},
      {"auth.secret", "hunter2",
       "must have 32 characters at least, such as `openssl rand -hex 32` prints"},
      {"drainTimeout", "10 years",
       "must be a duration such as \"30s\", \"5m\", \"1h\", not \"10 years\""},
      {"drainTimeout", "2h", "must be 0 or more, 1h at most"},
      {"limits.maxTarballBytes", "1", "must be 1KiB or more, 4GiB at most"},
      {"limits.maxTarballBytes", "big", "must be a size such as \"200MiB\", not \"big\""},
      {"dataDir", "", "must not be empty"},
      {"dataDir", "a\nb", "must not contain control characters"},
      {"dataDir", "a\xFF", "must be UTF-8"},
      {"trustedProxies", "10.0.0.0/8,nowhere",
       "must be an address or a CIDR block such as 10.0.0.0/8 or 2001:db8::/32"},
      {"trustedProxies", "[1]", "must be a list of strings, not \"[1]\""},
      {"prefixes", "[", "must be a list of strings, not \"[\""},
  };
  for (auto [path, text, problem] : cases) EXPECT_EQ(text_problem(path, text), problem) << path;
}

TEST(ConfigValue, reads_json_by_type) {
  const std::array<const char*, 3> cases[] = {
      {"listen.port", "0x1F90", "8080"},
      {"readOnly", "true", "true"},
      {"drainTimeout", "1500", "\"1500ms\""},
      {"drainTimeout", "'90s'", "\"90s\""},
      {"limits.maxTarballBytes", "1048576", "\"1MiB\""},
      {"limits.maxTarballBytes", "'1MiB'", "\"1MiB\""},
      {"log.level", "'warn'", "\"warn\""},
      {"prefixes", "['/a', '/b']", "[\"/a\", \"/b\"]"},
      {"listen.port", "'8080'", "must be a whole number, not a string"},
      {"listen.port", "80.5", "must be a whole number"},
      {"listen.port", "1e300", "must be a whole number"},
      {"listen.port", "null", "must be a whole number, not null"},
      {"readOnly", "'true'", "must be true or false, not a string"},
      {"readOnly", "1", "must be true or false, not a number"},
      {"drainTimeout", "-1", "must be 0 or more, 1h at most"},
      {"limits.maxTarballBytes", "-1", "must be a size such as \"200MiB\""},
      {"publicUrl", "4873", "must be a string, not a number"},
      {"prefixes", "'/npm'", "must be a list of strings, not a string"},
      {"prefixes", "[1]", "must be a list of strings, but holds a number"},
      {"log.level", "{}",
       "must be one of \"trace\", \"debug\", \"info\", \"warn\", \"error\", \"off\", not an "
       "object"},
  };
  for (auto [path, text, result] : cases) EXPECT_EQ(json_problem(path, text), result) << path;
}

TEST(ConfigValue, strings_in_files_refer_to_variables) {
  const std::array<const char*, 3> cases[] = {
      {"dataDir", "'/a/${WORD}/${WORD}'", "\"/a/word/word\""},
      {"dataDir", "'$${WORD}'", "\"${WORD}\""},
      {"dataDir", "'$WORD ${} ${A B} ${WORD'", "\"$WORD ${} ${A B} ${WORD\""},
      {"listen.port", "'${PORT}'", "8080"},
      {"prefixes", "['/${WORD}']", "[\"/word\"]"},
      {"dataDir", "'${NONE}'", "refers to the variable NONE, which is not set"},
      {"prefixes", "['/${NONE}']", "refers to the variable NONE, which is not set"},
      {"listen.port", "'${WORD}'", "must be a whole number"},
      {"admin.password", "'pa${ss}word'", "refers to a variable that is not set"},
  };
  for (auto [path, text, result] : cases) EXPECT_EQ(json_problem(path, text), result) << text;
}

TEST(ConfigRender, masks_secrets_that_are_set) {
  Config config;
  EXPECT_EQ(render(config, key("admin.password")), "\"\"");
  config.admin.password = "hunter2hunter2";
  EXPECT_EQ(render(config, key("admin.password")), "\"********\"");
}

TEST(ConfigRender, quotes_so_that_json5_reads_it_back) {
  std::string text = "a\"b\\c\n\x7F'é";
  auto value = parse_json5(in_quotes(text));
  ASSERT_TRUE(value);
  EXPECT_EQ(value->string, text);
}

TEST(ConfigSuggest, finds_what_was_meant) {
  const std::string_view names[] = {"listen.port", "listen.host", "log", "auth.allowRegistration"};
  const std::pair<const char*, const char*> cases[] = {
      {"listen.prot", "listen.port"},
      {"listenport", "listen.port"},
      {"port", "listen.port"},
      {"lgo", "log"},
      {"allow_registration", "auth.allowRegistration"},
      {"AUTH.ALLOWREGISTRATION", "auth.allowRegistration"},
      {"colour", ""},
      {"x", ""},
      {"", ""}};
  for (auto [name, meant] : cases) EXPECT_EQ(nearest(name, names), meant) << name;
  EXPECT_EQ(nearest(std::string(100'000, 'x'), names), "");
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("ab", "ba"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

}  // namespace
}  // namespace kontor::config
