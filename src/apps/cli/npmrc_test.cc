// npm's configuration files, as far as commands read them.
#include "apps/cli/npmrc.h"

#include <gtest/gtest.h>

namespace kontor::cli {
namespace {

TEST(Npmrc, reads_keys_and_leaves_comments_out) {
  const auto rc = Npmrc::parse(
      "; a comment\n# registry=http://no\n\n registry = \"http://a.test/\" \r\ncafile='/a b'\n"
      "registry=http://b.test/\nnothing\nempty=\n",
      {});
  EXPECT_EQ(rc.value("registry"), "http://b.test/");
  EXPECT_EQ(rc.value("cafile"), "/a b");
  EXPECT_EQ(rc.value("nothing"), std::nullopt);
  EXPECT_EQ(rc.value("empty"), std::nullopt);
}

TEST(Npmrc, variables_stand_for_their_values_where_there_are_any) {
  const config::Variables environment = {{"T", "npm_secret"}, {"HOST", "a.test"}};
  const auto rc = Npmrc::parse("//${HOST}/:_authToken=${T}\nx=a${NONE}b${T\n", environment);
  EXPECT_EQ(rc.token_for("https://a.test"), "npm_secret");
  EXPECT_EQ(rc.value("x"), "a${NONE}b${T");
}

TEST(Npmrc, the_longest_path_names_the_token) {
  const auto rc = Npmrc::parse(
      "//a.test/:_authToken=root\n//a.test/npm/:_authToken=npm\n//a.test:8/:_authToken=port\n"
      "//b.test/npm:_authToken=bare\n",
      {});
  const std::pair<const char*, const char*> table[] = {
      {"http://a.test", "root"},      {"https://a.test/", "root"},
      {"http://a.test/npm", "npm"},   {"http://a.test/npm/x/y", "npm"},
      {"http://a.test/npmx", "root"}, {"http://a.test:8/npm/", "port"},
      {"http://b.test/npm/", "bare"}, {"http://b.test/npm/x", "bare"},
  };
  for (const auto& [url, token] : table) EXPECT_EQ(rc.token_for(url), token) << url;
  for (const auto* url :
       {"http://b.test/", "http://a.test.evil/", "http://x.a.test/", "a.test", ""})
    EXPECT_EQ(rc.token_for(url), std::nullopt) << url;
}

TEST(Npmrc, an_earlier_file_wins) {
  auto rc = Npmrc::parse("registry=http://project\n", {});
  rc.add_defaults(Npmrc::parse("registry=http://home\ncafile=/ca\n", {}));
  EXPECT_EQ(rc.value("registry"), "http://project");
  EXPECT_EQ(rc.value("cafile"), "/ca");
}

}  // namespace
}  // namespace kontor::cli
