// Lockfiles that real clients wrote (tests/data/lockfiles), rare shapes, and what is refused.
#include "lockfile/lockfile.h"

#include "tests/support/data_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::lockfile {
namespace {

using ::testing::HasSubstr;

const std::string kTop =
    "sha512-ojXSbNabfPnaTb5/"
    "vcIIbAPJJd7C6KRoTxAyydpDsmQzQ6hFP9aY2TLmK0o7pSZVwH+uKB5ZN58+b5osEbMnjA==";
const std::string kReal =
    "sha512-qO6HUJJh385jgsMdz4vB9ttB570PGjdyqrAKz5b0YzQrsTA5CNq5i8n6ZSWSjoMU3a0B9WcqFcrquyL4RdByKw="
    "=";
const std::string kNext =
    "sha512-sJOGau57tYTmSYTqqisE0/idhQ6ZcRHi2j5A6MBbA9f4lTOfuYd76klvEG1Nz/"
    "BgmGgm+Q04HViSswuJLDxo8g==";
const std::string kPlain =
    "sha512-UKUoQ/"
    "361kLf3yjNeEZ2ajjd4F982xNyZ2Ds3EqI9VevBW3LagelAcFPQLTE0Rg3ZVmGztQbBncC80YDuacQpg==";

// What all clients locked: two packages under two names each, and a folder of the project.
std::set<std::string> expected(bool with_integrity) {
  std::set<std::string> all;
  for (const auto& [release, integrity] :
       std::initializer_list<std::pair<std::string, std::string>>{{"@acme/top@1.2.3", kTop},
                                                                  {"@acme/real@1.0.0", kReal},
                                                                  {"@acme/real@2.0.0-rc.1", kNext},
                                                                  {"plain@1.0.0", kPlain}})
    all.insert(release + (with_integrity ? " " + integrity : " "));
  return all;
}

std::set<std::string> releases_of(const Lockfile& lockfile) {
  std::set<std::string> all;
  for (const auto& locked : lockfile.archives)
    all.insert(locked.name + "@" + locked.version + " " + locked.integrity);
  return all;
}

struct Sample {
  std::string path;
  Kind kind;
};

class RealLockfile : public ::testing::TestWithParam<Sample> {};

TEST_P(RealLockfile, says_the_same_as_all_others) {
  const auto& [path, kind] = GetParam();
  const auto text = kontor::testing::read_data("lockfiles/" + path);
  ASSERT_EQ(kind_of(path, text), kind);
  const auto lockfile = read_lockfile(kind, text);
  ASSERT_TRUE(lockfile) << lockfile.error().message();
  EXPECT_EQ(releases_of(*lockfile), expected(has_integrity(kind)));
  for (const auto& other : lockfile->others) EXPECT_EQ(other.why, Other::Why::local) << other.place;
}

INSTANTIATE_TEST_SUITE_P(Clients, RealLockfile,
                         ::testing::Values(Sample{"npm11/package-lock.json", Kind::npm},
                                           Sample{"pnpm12/pnpm-lock.yaml", Kind::pnpm},
                                           Sample{"yarn1/yarn.lock", Kind::yarn1},
                                           Sample{"yarn4/yarn.lock", Kind::yarn_berry},
                                           Sample{"bun/bun.lock", Kind::bun}),
                         [](const auto& info) {
                           return info.param.path.substr(0, info.param.path.find('/'));
                         });

std::string refused(Kind kind, const std::string& text) {
  const auto lockfile = read_lockfile(kind, text);
  return lockfile ? "accepted" : std::string(lockfile.error().message());
}

TEST(NpmLockfile, the_tree_of_version_1_is_read_with_its_aliases) {
  const auto lockfile = read_lockfile(Kind::npm, R"({"lockfileVersion":1,"dependencies":{
    "a":{"version":"1.0.0","integrity":"sha512-a","resolved":"https://r/a.tgz","dependencies":{
      "alias":{"version":"npm:@s/b@2.0.0","integrity":"sha512-b"}}},
    "git":{"version":"git+ssh://git@host/x.git#abc"},
    "here":{"version":"file:here"},
    "inside":{"version":"1.0.0","bundled":true}}})");
  ASSERT_TRUE(lockfile) << lockfile.error().message();
  EXPECT_EQ(lockfile->archives,
            (std::vector<Locked>{{"/a", "a", "1.0.0", "sha512-a", "https://r/a.tgz"},
                                 {"/a/alias", "@s/b", "2.0.0", "sha512-b", ""}}));
  EXPECT_EQ(lockfile->others, (std::vector<Other>{{"/git", Other::Why::foreign},
                                                  {"/here", Other::Why::local},
                                                  {"/inside", Other::Why::local}}));
}

TEST(NpmLockfile, what_comes_from_elsewhere_is_told_apart) {
  const auto lockfile = read_lockfile(Kind::npm, R"({"lockfileVersion":3,"packages":{"":{},
    "node_modules/git":{"version":"1.0.0","resolved":"git+ssh://git@host/x.git#abc"},
    "node_modules/tgz":{"version":"1.0.0","resolved":"file:x.tgz","integrity":"sha512-x"},
    "node_modules/a/node_modules/b":{"version":"1.0.0","integrity":"sha512-b"},
    "node_modules/c":{"version":"1.0.0","inBundle":true}}})");
  ASSERT_TRUE(lockfile) << lockfile.error().message();
  ASSERT_EQ(lockfile->archives.size(), 1U);
  EXPECT_EQ(lockfile->archives[0].name, "b");
  EXPECT_EQ(lockfile->others, (std::vector<Other>{{"", Other::Why::local},
                                                  {"node_modules/git", Other::Why::foreign},
                                                  {"node_modules/tgz", Other::Why::local},
                                                  {"node_modules/c", Other::Why::local}}));
}

TEST(NpmLockfile, what_is_none_is_refused) {
  EXPECT_THAT(refused(Kind::npm, "[]"), HasSubstr("no object"));
  EXPECT_THAT(refused(Kind::npm, "{}"), HasSubstr("version 1, 2 or 3"));
  EXPECT_THAT(refused(Kind::npm, R"({"lockfileVersion":4,"packages":{}})"), HasSubstr("version 1"));
  EXPECT_THAT(refused(Kind::npm, R"({"lockfileVersion":3,"packages":{"a":1}})"), HasSubstr("'a'"));
  EXPECT_NE(refused(Kind::npm, R"({"lockfileVersion":3,"packages":{"a":{},"a":{}}})"), "accepted");
}

TEST(PnpmLockfile, older_versions_are_read) {
  const std::string entries = ":\n    resolution: {integrity: sha512-x}\n    dev: true\n";
  for (const auto& [version, key, name] :
       std::initializer_list<std::tuple<std::string, std::string, std::string>>{
           {"5.4", "/@s/a/1.0.0_react@17.0.0", "@s/a"},
           {"5.4", "/a/1.0.0_@s+b@2.0.0", "a"},
           {"5.4", "/a/1.0.0", "a"},
           {"'6.0'", "/@s/a@1.0.0(react@17.0.0)(@s/b@1.0.0)", "@s/a"},
           {"'6.1'", "/a@1.0.0", "a"},
           {"'9.0'", "'@s/a@1.0.0'", "@s/a"}}) {
    const auto lockfile = read_lockfile(
        Kind::pnpm, "lockfileVersion: " + version + "\npackages:\n  " + key + entries);
    ASSERT_TRUE(lockfile) << key << ": " << lockfile.error().message();
    ASSERT_EQ(lockfile->archives.size(), 1U) << key;
    EXPECT_EQ(lockfile->archives[0].name, name) << key;
    EXPECT_EQ(lockfile->archives[0].version, "1.0.0") << key;
  }
}

TEST(PnpmLockfile, all_documents_count_and_sources_are_told_apart) {
  const auto lockfile = read_lockfile(
      Kind::pnpm,
      "---\nlockfileVersion: '9.0'\npackages:\n"
      "  pnpm@11.0.0:\n    resolution: {integrity: sha512-p}\n"
      "---\nlockfileVersion: '9.0'\npackages:\n"
      "  a@https://host/a.tgz:\n    resolution: {tarball: https://host/a.tgz}\n"
      "  b@git+https://host/b#c:\n    resolution: {type: git, repo: r, commit: c}\n"
      "  c@file:c.tgz:\n    resolution: {integrity: sha512-c, tarball: file:c.tgz}\n"
      "  d@1.0.0:\n    resolution: {integrity: sha512-d, tarball: https://r/d.tgz}\n");
  ASSERT_TRUE(lockfile) << lockfile.error().message();
  EXPECT_EQ(lockfile->archives,
            (std::vector<Locked>{{"pnpm@11.0.0", "pnpm", "11.0.0", "sha512-p", ""},
                                 {"d@1.0.0", "d", "1.0.0", "sha512-d", "https://r/d.tgz"}}));
  EXPECT_EQ(lockfile->others, (std::vector<Other>{{"a@https://host/a.tgz", Other::Why::foreign},
                                                  {"b@git+https://host/b#c", Other::Why::foreign},
                                                  {"c@file:c.tgz", Other::Why::local}}));
}

TEST(PnpmLockfile, what_is_none_is_refused) {
  EXPECT_THAT(refused(Kind::pnpm, ""), HasSubstr("empty"));
  EXPECT_THAT(refused(Kind::pnpm, "lockfileVersion: '7.0'\n"), HasSubstr("version 5, 6 or 9"));
  const std::string start = "lockfileVersion: '9.0'\n";
  EXPECT_THAT(refused(Kind::pnpm, start + "packages:\n  a@1.0.0: {}\n"), HasSubstr("a@1.0.0"));
  EXPECT_THAT(refused(Kind::pnpm, start + "a: &x 1\nb: *x\n"), HasSubstr("anchor"));
  EXPECT_THAT(refused(Kind::pnpm, start + "a: !!str 1\n"), HasSubstr("tag"));
  EXPECT_THAT(refused(Kind::pnpm, start + "packages: {a: 1, a: 2}\n"), HasSubstr("twice"));
  EXPECT_THAT(refused(Kind::pnpm, start + "a: [\n"), HasSubstr("Line"));
  EXPECT_THAT(refused(Kind::pnpm, start + "a: " + std::string(100, '[')), HasSubstr("deeply"));
  EXPECT_THAT(refused(Kind::pnpm, "- a\n"), HasSubstr("no map"));
}

TEST(YarnBerryLockfile, sources_are_told_apart) {
  const auto lockfile = read_lockfile(
      Kind::yarn_berry,
      "__metadata:\n  version: 8\n"
      "\"a@npm:^1.0.0\":\n  resolution: \"a@npm:1.0.0::__archiveUrl=https%3A%2F%2Fhost%2Fa.tgz\"\n"
      "\"b@https://host/b.git\":\n  resolution: \"b@https://host/b.git#commit=1\"\n"
      "\"c@patch:a@npm%3A^1.0.0#./p\":\n  resolution: \"c@patch:a@npm%3A1.0.0#./p::x\"\n");
  ASSERT_TRUE(lockfile) << lockfile.error().message();
  EXPECT_EQ(lockfile->archives,
            (std::vector<Locked>{{"a@npm:^1.0.0", "a", "1.0.0", "", "https://host/a.tgz"}}));
  EXPECT_EQ(lockfile->others,
            (std::vector<Other>{{"b@https://host/b.git", Other::Why::foreign},
                                {"c@patch:a@npm%3A^1.0.0#./p", Other::Why::local}}));
}

TEST(Yarn1Lockfile, rare_shapes_are_read) {
  const auto lockfile =
      read_lockfile(Kind::yarn1,
                    "# yarn lockfile v1\r\n\r\n"
                    "a@^1.0.0, a@^1.1.0:\r\n  version \"1.1.0\"\r\n"
                    "  resolved \"https://r/a.tgz#3f2c0231d0abae480aeb8027fe1f6d4b5166a293\"\r\n"
                    "\"b@>=1 <2\":\n  version \"1.0.0\"\n  resolved \"https://r/b.tgz\"\n"
                    "  integrity sha512-b\n  dependencies:\n    c \"*\"\n"
                    "c@https://host/c.tgz:\n  version \"1.0.0\"\n");
  ASSERT_TRUE(lockfile) << lockfile.error().message();
  EXPECT_EQ(lockfile->archives,
            (std::vector<Locked>{
                {"a@^1.0.0", "a", "1.1.0", "sha1-PywCMdCrrkgK64An/h9tS1FmopM=", "https://r/a.tgz"},
                {"b@>=1 <2", "b", "1.0.0", "sha512-b", "https://r/b.tgz"}}));
  EXPECT_EQ(lockfile->others, (std::vector<Other>{{"c@https://host/c.tgz", Other::Why::foreign}}));
}

TEST(Yarn1Lockfile, what_is_none_is_refused) {
  const std::string start = "# yarn lockfile v1\n";
  EXPECT_THAT(refused(Kind::yarn1, "a@1:\n  version \"1\"\n"), HasSubstr("first comment"));
  EXPECT_THAT(refused(Kind::yarn1, start + "a@1:\n"), HasSubstr("without name or version"));
  EXPECT_THAT(refused(Kind::yarn1, start + "a@1:\n  version \"1\"\na@1:\n  version \"2\"\n"),
              HasSubstr("repeats an entry"));
  EXPECT_THAT(refused(Kind::yarn1, start + "a@1:\n  version \"1\"\n  version \"2\"\n"),
              HasSubstr("repeats a field"));
  EXPECT_THAT(refused(Kind::yarn1, start + "  version \"1\"\n"), HasSubstr("belongs to no entry"));
  EXPECT_THAT(refused(Kind::yarn1, start + "a@1:\n   version \"1\"\n"), HasSubstr("indented"));
  EXPECT_THAT(refused(Kind::yarn1, start + "<<<<<<< HEAD\n"), HasSubstr("no key"));
}

TEST(BunLockfile, what_is_none_is_refused) {
  EXPECT_THAT(refused(Kind::bun, "{}"), HasSubstr("version"));
  const std::string start = R"({"lockfileVersion": 1, "packages": {)";
  EXPECT_THAT(refused(Kind::bun, start + R"("a": ["a"]}})"), HasSubstr("what it is"));
  EXPECT_THAT(refused(Kind::bun, start + R"("a": ["a@1"], "a": ["a@2"],}})"), HasSubstr("once"));
  EXPECT_THAT(refused(Kind::bun, "{"), HasSubstr("bun.lock 1:2"));
}

TEST(OriLockfile, checksums_are_read) {
  const std::string hash(64, 'a');
  const auto lockfile = read_lockfile(
      Kind::ori, "# made by ori\n[checksums]\n\"@s/a:1.0.0\" = \"sha256:" + hash + "\"\n");
  ASSERT_TRUE(lockfile) << lockfile.error().message();
  ASSERT_EQ(lockfile->archives.size(), 1U);
  EXPECT_EQ(lockfile->archives[0].name, "@s/a");
  EXPECT_EQ(lockfile->archives[0].version, "1.0.0");
  EXPECT_EQ(lockfile->archives[0].integrity, "sha256-qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=");
  EXPECT_EQ(format_of(Kind::ori), "ori");
  for (const std::string& line :
       {"\"@s/a\" = \"sha256:" + hash + "\"", "\"a:1\" = \"sha512:" + hash + "\"",
        "a:1 = \"sha256:" + hash + "\"", std::string("[other]"),
        std::string("\"a:1\" = \"sha256:\"")})
    EXPECT_THAT(refused(Kind::ori, "[checksums]\n" + line + "\n"), HasSubstr("Line 2")) << line;
}

TEST(Lockfile, an_address_is_no_version) {
  const std::string hash(64, 'a');
  EXPECT_THAT(refused(Kind::ori, "[checksums]\n\"a:file:./a\" = \"sha256:" + hash + "\"\n"),
              HasSubstr("is an address"));
  EXPECT_THAT(refused(Kind::yarn1,
                      "# yarn lockfile v1\n\na@^1.0.0:\n  version \"https://r/a.tgz\"\n"
                      "  resolved \"https://r/a.tgz\"\n"),
              HasSubstr("is an address"));
}

TEST(Lockfile, other_files_are_refused_by_name) {
  EXPECT_EQ(kind_of("dir/npm-shrinkwrap.json", "{}"), Kind::npm);
  EXPECT_EQ(kind_of("yarn.lock", "# yarn lockfile v1\n"), Kind::yarn1);
  EXPECT_EQ(kind_of("yarn.lock", "# x\n\n__metadata:\n"), Kind::yarn_berry);
  EXPECT_EQ(kind_of("oripk.lock", ""), Kind::ori);
  EXPECT_THAT(kind_of("dir/Cargo.lock", "").error().detail, HasSubstr("package-lock.json"));
}

}  // namespace
}  // namespace kontor::lockfile
