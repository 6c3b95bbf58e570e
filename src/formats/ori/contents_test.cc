// Archives judged whole: what a package must hold, and what each hostile one is refused for.
#include "formats/ori/contents.h"

#include "archive/tarball_inspector.h"
#include "tests/support/ori_archive.h"
#include "tests/support/tar_writer.h"

#include <gtest/gtest.h>

namespace kontor::ori {
namespace {

using test::OriPackage;
using test::TarWriter;

Result<Manifest> read(const std::string& archive) {
  TarballInspector inspector(archive_request());
  if (auto done = inspector.feed(archive); !done) return fail(done);
  auto report = inspector.finish();
  if (!report) return fail(report);
  return read_contents(*report);
}

std::string refusal(const std::string& archive) {
  const auto manifest = read(archive);
  return manifest ? "accepted" : std::string(manifest.error().message());
}
std::string refusal(const OriPackage& package) { return refusal(test::ori_archive(package)); }

// An honest package with entries of the test's own behind it.
TarWriter with_checksums(const OriPackage& package) {
  auto files = package.files;
  files["oripk.toml"] = test::manifest_of(package);
  files["CHECKSUM"] = test::checksums_of(files);
  TarWriter tar;
  for (const auto& [path, content] : files) tar.file(path, content);
  return tar;
}

TEST(OriContents, a_package_is_read_at_the_root_and_below_its_folder) {
  for (const std::string folder : {"", "tool-1.0.0/"}) {
    const auto manifest = read(test::ori_archive({.folder = folder}));
    ASSERT_TRUE(manifest) << manifest.error().message();
    EXPECT_EQ(manifest->name.full(), "@acme/tool");
    EXPECT_EQ(to_string(manifest->version), "1.0.0");
    EXPECT_TRUE(manifest->warnings.empty());
  }
  EXPECT_EQ(refusal({.folder = "other-1.0.0/"}),
            "The archive entry \"other-1.0.0/oripk.toml\" must lie at the root or in the folder "
            "tool-1.0.0/.");
}

TEST(OriContents, what_a_package_must_hold) {
  EXPECT_EQ(refusal(TarWriter().file("src/lib.ori", "1").tgz()),
            "The archive has no oripk.toml at its root.");
  EXPECT_EQ(refusal(TarWriter().file("oripk.toml", test::manifest_of({})).tgz()),
            "The archive has no CHECKSUM beside its oripk.toml.");
  EXPECT_EQ(refusal({.files = {{"lib.ori", "1"}}}), "The archive has no file in src/.");
  EXPECT_EQ(refusal({.more = "[dependencies]\n@acme/other = \"1.0.0\"\n"}),
            "The archive has no oripk.lock, which a package with dependencies must have.");
  EXPECT_EQ(refusal({.more = "[dependencies]\nstd.json\n"}), "accepted");
}

TEST(OriContents, checksum_names_exactly_the_files_there) {
  const auto stated = [](const std::string& checksum) {
    return refusal({.files = {{"src/lib.ori", "1"}, {"CHECKSUM", checksum}}});
  };
  std::map<std::string, std::string> files = {{"oripk.toml", test::manifest_of({})},
                                              {"src/lib.ori", "1"}};
  EXPECT_EQ(stated(test::checksums_of(files)), "accepted");
  auto other = files;
  other["src/lib.ori"] = "2";
  EXPECT_EQ(stated(test::checksums_of(other)),
            "The archive entry \"src/lib.ori\" does not have the digest that CHECKSUM states.");
  auto more = files;
  more["src/more.ori"] = "2";
  EXPECT_EQ(stated(test::checksums_of(more)),
            "The archive entry \"src/more.ori\" is in CHECKSUM and not there.");
  EXPECT_EQ(refusal(with_checksums({}).file("src/extra", "x").tgz()),
            "The archive entry \"src/extra\" is not in CHECKSUM.");
  const auto lines = test::checksums_of(files);
  const auto second = lines.find('\n') + 1;
  EXPECT_EQ(stated(lines.substr(second) + lines.substr(0, second)),
            "Line 2 of CHECKSUM does not follow the line before in order of paths.");
  EXPECT_EQ(stated(lines.substr(0, lines.size() - 1)), "Line 2 of CHECKSUM does not end.");
  EXPECT_EQ(stated("md5:00  oripk.toml\n"),
            "Line 1 of CHECKSUM is not \"sha256:<hex>  <path>\".");
}

TEST(OriContents, a_manifest_that_may_not_be_published) {
  const std::pair<const char*, const char*> cases[] = {
      {"[scripts]\nbuild = \"make\"\n", "[scripts] must be left out of a published manifest"},
      {"[dependencies.@a/b]\ngit = \"https://x.example\"\n",
       "The dependency @a/b comes from git, a path or the workspace; published packages depend on "
       "published ones alone"},
      {"[dependencies]\n@a/b = \"^1.0.0\"\n",
       "The dependency @a/b needs one exact version, such as \"2.0.1\"; ranges are not allowed"},
      {"[dependencies]\nnothing\n",
       "The dependency nothing is wrong: a package is named @scope/name"},
      {"[project]\n", "line 6: a table is opened twice"},
  };
  for (const auto& [more, rule] : cases)
    EXPECT_EQ(refusal({.more = more}), std::string("oripk.toml: ") + rule) << more;
}

TEST(OriContents, unknown_fields_are_warned_of) {
  const auto manifest = read(test::ori_archive({.more = "flavour = \"sweet\"\n[garden]\n"}));
  ASSERT_TRUE(manifest) << manifest.error().message();
  EXPECT_EQ(manifest->warnings,
            (std::vector<std::string>{"[garden] is not known and was ignored.",
                                      "project.flavour is not known and was ignored."}));
}

TEST(OriContents, hostile_archives_are_refused_by_the_file_and_the_rule) {
  EXPECT_EQ(refusal(with_checksums({}).entry({.name = "src/l", .type = '2', .link = "/x"}, "").tgz()),
            "The archive entry \"src/l\" is a symbolic link; links are not allowed.");
  EXPECT_EQ(refusal(with_checksums({}).entry({.name = "src/d", .type = '4'}, "").tgz()),
            "The archive entry \"src/d\" is a device; devices are not allowed.");
  EXPECT_EQ(refusal(with_checksums({}).file("../x", "1").tgz()),
            "The archive entry \"../x\" has \"..\" in its path.");
  EXPECT_EQ(refusal(with_checksums({}).file("SRC/LIB.ori", "1").tgz()),
            "The archive entry \"SRC/LIB.ori\" is there twice (capital and small letters count as "
            "the same).");
  const auto honest = test::ori_archive({});
  for (std::size_t cut = 0; cut < honest.size(); cut += 7)
    EXPECT_NE(refusal(honest.substr(0, cut)), "accepted") << cut;
  EXPECT_EQ(refusal({.files = {{"src/zeros", std::string(101 << 20, '\0')}}}).substr(0, 12),
            "The archive ");
}

TEST(OriContents, ten_thousand_files_are_the_most) {
  OriPackage package{.files = {}};
  for (int i = 0; i < 9'998; ++i) package.files["src/f" + std::to_string(i)] = "";
  EXPECT_EQ(refusal(package), "accepted");
  package.files["src/one-more"] = "";
  EXPECT_EQ(refusal(package), "The archive has more than 10000 files.");
}

}  // namespace
}  // namespace kontor::ori
