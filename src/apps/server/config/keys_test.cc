// The table of keys holds together: names are distinct, defaults fit their own rules.
#include "apps/server/config/keys.h"

#include "apps/server/config/checks.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace kontor::config {
namespace {

TEST(ConfigKeys, environment_names_follow_from_paths) {
  EXPECT_EQ(environment_name("auth.allowRegistration"), "KONTOR_AUTH_ALLOW_REGISTRATION");
  EXPECT_EQ(environment_name("listen.port"), "KONTOR_LISTEN_PORT");
  EXPECT_EQ(environment_name("publicUrl"), "KONTOR_PUBLIC_URL");
  EXPECT_EQ(environment_name("admin.password"), "KONTOR_ADMIN_PASSWORD");
}

TEST(ConfigKeys, no_two_keys_share_a_path_a_variable_or_a_field) {
  std::set<std::string> paths, variables;
  std::set<void*> fields;
  Config config;
  for (const auto& key : keys()) {
    EXPECT_TRUE(paths.insert(std::string(key.path)).second) << key.path;
    EXPECT_TRUE(variables.insert(environment_name(key.path)).second) << key.path;
    for (auto name : key.environment)
      if (!name.empty()) EXPECT_TRUE(variables.insert(std::string(name)).second) << name;
    auto* field = std::visit(
        [](auto slot) -> void* {
          if constexpr (std::is_pointer_v<decltype(slot)>)
            return slot;
          else
            return slot.value;
        },
        key.slot(config));
    EXPECT_TRUE(fields.insert(field).second) << key.path;
    EXPECT_FALSE(key.doc.empty()) << key.path;
  }
}

TEST(ConfigKeys, no_path_is_the_section_of_another) {
  for (const auto& a : keys())
    for (const auto& b : keys())
      EXPECT_FALSE(b.path.starts_with(std::string(a.path) + ".")) << a.path << " " << b.path;
}

TEST(ConfigKeys, are_found_by_path_and_by_the_upstream_path) {
  ASSERT_NE(find_key("log.level"), nullptr);
  EXPECT_EQ(find_key("log.level"), find_key("logging.level"));
  EXPECT_EQ(find_key("log"), nullptr);
  EXPECT_EQ(find_key(""), nullptr);
  EXPECT_EQ(index_of(*find_key("publicUrl")), 0u);
}

struct CheckCase {
  const char* text;
  const char* normal;  // nullptr: refused
};

void expect_checks(Check check, std::span<const CheckCase> cases) {
  for (const auto& c : cases) {
    std::string text = c.text;
    auto problem = check(text);
    EXPECT_EQ(!problem, c.normal != nullptr) << c.text;
    if (c.normal != nullptr) EXPECT_EQ(text, c.normal);
  }
}

TEST(ConfigChecks, hosts) {
  expect_checks(check_host, std::array<CheckCase, 9>{{{"127.0.0.1", "127.0.0.1"},
                                                      {"::", "::"},
                                                      {"[::1]", "::1"},
                                                      {"localhost", "localhost"},
                                                      {"", nullptr},
                                                      {"a b", nullptr},
                                                      {"host:4873", nullptr},
                                                      {"http://host", nullptr},
                                                      {"[]", nullptr}}});
}

TEST(ConfigChecks, public_urls) {
  expect_checks(check_public_url, std::array<CheckCase, 15>{
                                      {{"", ""},
                                       {"https://r.example", "https://r.example"},
                                       {"https://r.example/", "https://r.example"},
                                       {"http://r.example:8080/a/b//", "http://r.example:8080/a/b"},
                                       {"http://[::1]:4873", "http://[::1]:4873"},
                                       {"http://[::1", nullptr},
                                       {"r.example", nullptr},
                                       {"ftp://r.example", nullptr},
                                       {"https://", nullptr},
                                       {"https://r.example:99999", nullptr},
                                       {"https://user@r.example", nullptr},
                                       {"https://r.example?x", nullptr},
                                       {"https://r.example/#", nullptr},
                                       {"https://r.example/a/../b", nullptr},
                                       {"https://r.exa\r\nmple", nullptr}}});
}

TEST(ConfigChecks, cidr_blocks) {
  expect_checks(check_cidr, std::array<CheckCase, 10>{{{"10.0.0.0/8", "10.0.0.0/8"},
                                                       {"::1", "::1"},
                                                       {"2001:db8::/32", "2001:db8::/32"},
                                                       {"0.0.0.0/0", "0.0.0.0/0"},
                                                       {"10.0.0.0/33", nullptr},
                                                       {"10.0.0/8", nullptr},
                                                       {"10.0.0.0/", nullptr},
                                                       {"10.0.0.0/-1", nullptr},
                                                       {"host", nullptr},
                                                       {"", nullptr}}});
}

TEST(ConfigChecks, prefixes) {
  expect_checks(check_prefix, std::array<CheckCase, 10>{{{"/npm", "/npm"},
                                                         {"/npm/", "/npm"},
                                                         {"/a/b", "/a/b"},
                                                         {"/", nullptr},
                                                         {"npm", nullptr},
                                                         {"/-", nullptr},
                                                         {"/a//b", nullptr},
                                                         {"/..", nullptr},
                                                         {"/%2e", nullptr},
                                                         {"", nullptr}}});
}

TEST(ConfigChecks, maps_of_courses) {
  expect_checks(
      check_course_map,
      std::array<CheckCase, 11>{
          {{"", ""},
           {"{}", "{}"},
           {R"({"rust": {"repo": "https://git.example/c.git"}})",
            R"({"rust":{"repo":"https://git.example/c.git","branch":"main","path":".","description":""}})"},
           {R"({"go":{"repo":"git@git.example:c","branch":"b","path":"p/q","description":"Go","x":1}})",
            R"({"go":{"repo":"git@git.example:c","branch":"b","path":"p/q","description":"Go"}})"},
           {"[]", nullptr},
           {"rust", nullptr},
           {R"({"rust":"https://git.example/c.git"})", nullptr},
           {R"({"rust":{}})", nullptr},
           {R"({"a b":{"repo":"https://git.example/c.git"}})", nullptr},
           {R"({"rust":{"repo":"--upload-pack=id"}})", nullptr},
           {R"({"rust":{"repo":"ext::sh -c id"}})", nullptr}}});
}

TEST(ConfigChecks, loopback_addresses) {
  for (auto* host : {"127.0.0.1", "127.1.2.3", "::1", "localhost"}) EXPECT_TRUE(is_loopback(host));
  for (auto* host : {"0.0.0.0", "::", "127.example", "10.0.0.1"}) EXPECT_FALSE(is_loopback(host));
}

}  // namespace
}  // namespace kontor::config
