// Which differences between tarball and document are a client's tidying, and which are refused.
#include "formats/npm/manifest_check.h"

#include "formats/npm/git_reference.h"

#include <gtest/gtest.h>

namespace kontor::npm {
namespace {

// Checks the two texts as foo@1.0.0; yields the message, empty where they agree.
std::string verdict(const std::string& packed, const std::string& published) {
  const auto add = [](const std::string& members) {
    Json out = Json::parse("{" + members + "}", nullptr, false);
    if (!out.contains("name")) out["name"] = "foo";
    if (!out.contains("version")) out["version"] = "1.0.0";
    return out;
  };
  const auto result = check_manifest(add(packed), add(published), "foo", "1.0.0");
  if (result) return {};
  EXPECT_EQ(result.error().code, Code::manifest_mismatch);
  return result.error().detail;
}

struct Pair {
  const char* packed;
  const char* published;
};

TEST(ManifestCheck, allows_what_clients_tidy) {
  const std::vector<Pair> pairs = {
      {"", ""},
      {R"("name":" foo ")", ""},
      {R"("version":"v1.0.0")", ""},
      {R"("version":"1.0.0+build.5")", ""},
      {R"("version":"=1.0.0")", ""},
      // npm drops the copy in dependencies, npm 6 put it there.
      {R"("dependencies":{"a":"1"},"optionalDependencies":{"a":"1"})",
       R"("optionalDependencies":{"a":"1"})"},
      {R"("optionalDependencies":{"a":"1"})",
       R"("dependencies":{"a":"1"},"optionalDependencies":{"a":"1"})"},
      // yarn 1 keeps one of several kinds.
      {R"("dependencies":{"a":"1"},"devDependencies":{"a":"2"})", R"("dependencies":{"a":"1"})"},
      {R"("dependencies":{"a":"*"},"devDependencies":{"a":"2"})", R"("dependencies":{"a":"2"})"},
      {R"("dependencies":{})", ""},
      {R"("dependencies":[])", R"("dependencies":{})"},
      {R"("dependencies":["a@1.0.0","b"])", R"("dependencies":{"a":"1.0.0","b":""})"},
      {R"("dependencies":{"a":" ^1 "})", R"("dependencies":{"a":"^1"})"},
      {R"("dependencies":{"a":""})", R"("dependencies":{"a":"*"})"},
      {R"("dependencies":{"a":7})", ""},
      {R"("dependencies":{"a":"u/r#c"})", R"("dependencies":{"a":"github:u/r#c"})"},
      {R"("dependencies":{"a":"git://github.com/u/r.git"})",
       R"("dependencies":{"a":"git+ssh://git@github.com/u/r.git"})"},
      {R"("bundledDependencies":["a"])", R"("bundleDependencies":["a"])"},
      {R"("bundleDependencies":true,"dependencies":{"a":"1"})",
       R"("bundleDependencies":["a"],"dependencies":{"a":"1"})"},
      {R"("bundleDependencies":false)", R"("bundleDependencies":[])"},
      {R"("scripts":{"test":"node_modules/.bin/x -y"})", R"("scripts":{"test":"x -y"})"},
      {R"("scripts":{"prepublishOnly":"make","prepare":"x"})", ""},
      {R"("scripts":{"a":7,"b":""})", ""},
      {"", R"("scripts":{"install":"node-gyp rebuild"},"gypfile":true)"},
      {"", R"("scripts":{"start":"node server.js"})"},
      {R"("bin":"./cli.js")", R"("bin":{"foo":"cli.js"})"},
      {R"("bin":["./cli.js"])", R"("bin":{"cli.js":"cli.js"})"},
      {R"("bin":{})", ""},
      {R"("directories":{"bin":"./tools/"})", R"("bin":{"t":"tools/t","u":"tools/d/u"})"},
      {R"("directories":{"bin":"./tools/"})", R"("directories":{"bin":"./tools/"})"},
      {R"("main":"a.js","description":"x")", R"("main":"b.js","readme":"y")"},
  };
  for (const auto& pair : pairs)
    EXPECT_EQ(verdict(pair.packed, pair.published), "") << pair.packed << " / " << pair.published;
}

struct Refused {
  const char* packed;
  const char* published;
  const char* message;  // contained in the answer
};

TEST(ManifestCheck, names_the_field_that_contradicts) {
  const std::vector<Refused> table = {
      {R"("name":"bar")", "", "has bar for name, the published manifest has foo"},
      {R"("name":7)", "", "has nothing for name"},
      {R"("version":"1.0.1")", "", "has 1.0.1 for version, the published manifest has 1.0.0"},
      {R"("dependencies":{"evil":"1"})", "", R"(has "1" for dependencies.evil, the published)"},
      {"", R"("dependencies":{"evil":"1"})", "has nothing for dependencies.evil"},
      {R"("dependencies":{"a":"1"})", R"("dependencies":{"a":"2"})",
       R"(has "1" for dependencies.a, the published manifest has "2")"},
      {R"("dependencies":{"a":"1"})", R"("devDependencies":{"a":"1"})", "dependencies.a"},
      {R"("devDependencies":{"a":"1"})", R"("dependencies":{"a":"1"})", "devDependencies.a"},
      {R"("dependencies":{"a":"1"})", R"("optionalDependencies":{"a":"1"})", "dependencies.a"},
      {R"("optionalDependencies":{"a":"1"})", "", "optionalDependencies.a"},
      {R"("devDependencies":{"a":"1"})", "", "devDependencies.a"},
      {R"("peerDependencies":{"a":"1"})", R"("peerDependencies":{"a":"2"})", "peerDependencies.a"},
      {R"("peerDependenciesMeta":{"a":{"optional":true}})", "", "peerDependenciesMeta.a"},
      {R"("dependencies":{"a":"u/r"})", R"("dependencies":{"a":"github:v/r"})", "dependencies.a"},
      {R"("bundleDependencies":["a"])", "", "bundleDependencies"},
      {R"("scripts":{"postinstall":"x"})", "", "scripts.postinstall"},
      {"", R"("scripts":{"postinstall":"x"})", "scripts.postinstall"},
      {R"("scripts":{"prepare":"x"})", R"("scripts":{"prepare":"y"})", "scripts.prepare"},
      {R"("scripts":{"install":"x"})", R"("scripts":{"install":"node-gyp rebuild"})",
       "scripts.install"},
      {"", R"("scripts":{"start":"node evil.js"})", "scripts.start"},
      {R"("bin":"a.js")", R"("bin":"b.js")", "for bin"},
      {R"("bin":"a.js")", "", "for bin"},
      {"", R"("bin":"a.js")", "has nothing for bin"},
      {R"("directories":{"bin":"tools"})", R"("bin":{"t":"other/t"})", "for bin"},
      {R"("directories":{"bin":"tools"})", R"("bin":{"node":"tools/t"})", "for bin"},
  };
  for (const auto& row : table)
    EXPECT_NE(verdict(row.packed, row.published).find(row.message), std::string::npos)
        << row.packed << " / " << row.published << "\n" << verdict(row.packed, row.published);
}

TEST(ManifestCheck, shortens_long_values) {
  const std::string huge(100'000, 'x');
  const auto text = verdict(R"("dependencies":{"a":")" + huge + "\"}", "");
  EXPECT_LT(text.size(), 400u);
}

TEST(ManifestCheck, refuses_what_is_no_object) {
  const auto result = check_manifest(Json::array(), Json::object(), "foo", "1.0.0");
  EXPECT_EQ(result.error().code, Code::invalid_archive);
}

TEST(ManifestCheck, knows_what_runs_on_installation) {
  const auto runs = [](const char* manifest, bool gyp) {
    return has_install_script(Json::parse(manifest, nullptr, false), gyp);
  };
  EXPECT_TRUE(runs(R"({"scripts":{"postinstall":"x"}})", false));
  EXPECT_TRUE(runs(R"({"scripts":{"preinstall":"x"}})", false));
  EXPECT_TRUE(runs(R"({})", true));
  EXPECT_FALSE(runs(R"({"gypfile":false})", true));
  EXPECT_FALSE(runs(R"({"scripts":{"install":""}})", false));
  EXPECT_FALSE(runs(R"({"scripts":{"prepare":"x","test":"y"}})", false));
}

TEST(GitReference, has_one_identity_in_all_spellings) {
  for (const auto* text :
       {"u/r", "github:u/r", "git://github.com/u/r.git", "git+https://github.com/u/r.git",
        "git+ssh://git@github.com/u/r.git", "git@github.com:u/r.git", "ssh://git@github.com/u/r",
        "git+ssh://git@github.com:u/r.git", "https://github.com/u/r.git"})
    EXPECT_EQ(git_identity(text), "github.com/u/r") << text;
  EXPECT_EQ(git_identity("gitlab:u/r#v1"), "gitlab.com/u/r#v1");
  for (const auto* text : {"^1.0.0", "file:../x", "../x/y", "./x", "https://example.org/x.tgz", "",
                           "npm:@a/b@1", "latest", "1 || 2", "/a", "a/", "a/b/c"})
    EXPECT_EQ(git_identity(text), std::nullopt) << text;
}

}  // namespace
}  // namespace kontor::npm
