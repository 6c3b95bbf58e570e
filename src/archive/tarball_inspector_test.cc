// Inspection of whole tarballs: rules, totals and captured files.
#include "archive/tarball_inspector.h"

#include "archive/archive_rules.h"
#include "archive/gzip_writer.h"
#include "archive/path_fold.h"
#include "tests/support/tar_writer.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

using test::TarWriter;

std::vector<WantedFile> wishes() {
  using enum WantedFile::Match;
  using enum WantedFile::Oversize;
  return {{"package.json", 100, exact, refuse},
          {"readme", 8, stem, cut},
          {"binding.gyp", 0, exact, cut}};
}

Result<ArchiveReport> inspect(ByteView tgz, std::size_t piece, const ArchiveLimits& limits = {}) {
  TarballInspector inspector({.limits = limits, .wanted = wishes()});
  for (; !tgz.empty(); tgz.remove_prefix(std::min(piece, tgz.size())))
    if (auto done = inspector.feed(tgz.substr(0, piece)); !done) return fail(done);
  return inspector.finish();
}

// The refusal's text, whatever the pieces.
std::string refusal(const TarWriter& tar, const ArchiveLimits& limits = {}) {
  const std::string tgz = tar.tgz();
  const auto whole = inspect(tgz, tgz.size(), limits);
  const auto pieces = inspect(tgz, 1, limits);
  EXPECT_EQ(whole.has_value(), pieces.has_value());
  if (whole) return "accepted";
  EXPECT_EQ(whole.error(), pieces.error());
  return whole.error().detail;
}

TEST(TarballInspector, counts_files_and_keeps_what_was_asked_for) {
  const auto tgz = TarWriter()
                       .directory("package")
                       .file("package/package.json", R"({"name":"a"})")
                       .file("package/lib/package.json", "not this one")
                       .file("package/README.md", "0123456789")
                       .file("package/readme.txt", "second")
                       .file("package/binding.gyp", "{}")
                       .tgz();
  for (std::size_t piece : {std::size_t{1}, std::size_t{77}, tgz.size()}) {
    const auto report = inspect(tgz, piece);
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_EQ(report->root, "package");
    EXPECT_EQ(report->file_count, 5u);
    EXPECT_EQ(report->unpacked_size, 12u + 12 + 10 + 6 + 2);
    EXPECT_EQ(report->packed_size, tgz.size());
    ASSERT_EQ(report->wanted.size(), 3u);
    EXPECT_EQ(report->wanted[0]->bytes, R"({"name":"a"})");
    EXPECT_EQ(report->wanted[1]->path, "README.md");
    EXPECT_EQ(report->wanted[1]->bytes, "01234567");
    EXPECT_EQ(report->wanted[1]->size, 10u);
    EXPECT_EQ(report->wanted[2]->bytes, "");
  }
}

TEST(TarballInspector, takes_any_root_name_and_tells_what_is_missing) {
  const auto report = inspect(TarWriter().file("node-v1/index.js", "1").tgz(), 50);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->root, "node-v1");
  for (const auto& file : report->wanted) EXPECT_FALSE(file);
}

TEST(TarballInspector, hands_on_a_byte_order_mark_for_the_parser_to_refuse) {
  const auto report = inspect(test::npm_tarball("\xef\xbb\xbf{}"), 50);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->wanted[0]->bytes, "\xef\xbb\xbf{}");
}

TEST(TarballInspector, refuses_paths_that_leave_the_root_or_differ_between_systems) {
  const std::pair<std::string, const char*> paths[] = {
      {"/package/a", "has an absolute path"},
      {"package/../../a", "has \"..\" in its path"},
      {"package/..", "has \"..\" in its path"},
      {"../package/a", "has \"..\" in its path"},
      {"./package/a", "has \".\" in its path"},
      {"package//a", "has an empty name in its path"},
      {"package/a/", "has an empty name in its path"},
      {"package\\a", "has a backslash in its path"},
      {"package/C:/a", "has a drive letter in its path"},
      {"c:a/b", "has a drive letter in its path"},
      {"package/aux", "has a name reserved by Windows in its path"},
      {"package/CON.txt", "has a name reserved by Windows in its path"},
      {"package/Com7 .a.b/x", "has a name reserved by Windows in its path"},
      {"package/lpt\u00b2", "has a name reserved by Windows in its path"},
      {"package/a\nb", "has a control character in its path"},
      {"package/a\x7f", "has a control character in its path"},
      {"package/a\u0085", "has a control character in its path"},
      {"package/a\u202etxt.exe", "has a control character in its path"},
      {"package/\xc0\xae\xc0\xae/a", "has a path that is not UTF-8"},
      {"package/\xff", "has a path that is not UTF-8"},
      {"package/\xed\xa0\x80", "has a path that is not UTF-8"},
      {"", "has an empty path"},
      {"a", "lies outside any folder"},
  };
  for (const auto& [path, rule] : paths)
    EXPECT_NE(refusal(TarWriter().file(path, "x")).find(rule), std::string::npos) << path;
  EXPECT_NE(refusal(TarWriter().pax({{"path", std::string("package/a\0b", 11)}}).file("x", ""))
                .find("has a NUL in its path"),
            std::string::npos);
  EXPECT_EQ(refusal(TarWriter().file("package/a", "").file("other/b", "")),
            "The archive entry \"other/b\" lies outside the archive's first top folder.");
}

TEST(TarballInspector, accepts_unusual_but_harmless_paths) {
  TarWriter tar;
  for (const char* path : {"package/...", "package/..a", "package/.npmrc", "package/a b",
                           "package/\u00e4\u4e2d", "package/com", "package/com10", "package/-rf",
                           "package/console.js", "package/ab:c", "package/auxiliary"})
    tar.file(path, "x");
  EXPECT_EQ(refusal(tar), "accepted");
}

TEST(TarballInspector, escapes_and_cuts_hostile_names_in_its_answer) {
  EXPECT_EQ(refusal(TarWriter().file("package/\x1b[31m\"", "")),
            "The archive entry \"package/\\x1b[31m\\x22\" has a control character in its path.");
  const std::string name = "package/\x01" + std::string(85, 'a');
  EXPECT_EQ(refusal(TarWriter().file(name, "")), "The archive entry \"package/\\x01" +
                                                     std::string(71, 'a') +
                                                     "...\" has a control character in its path.");
}

TEST(TarballInspector, refuses_everything_but_files_and_directories) {
  const std::pair<char, const char*> kinds[] = {{'1', "is a hard link"},
                                                {'2', "is a symbolic link"},
                                                {'3', "is a device"},
                                                {'4', "is a device"},
                                                {'6', "is a named pipe"},
                                                {'S', "is a sparse file"},
                                                {'7', "is neither a file nor a directory"}};
  for (const auto& [type, rule] : kinds)
    EXPECT_NE(refusal(TarWriter().header({.name = "package/l", .type = type, .link = "../../x"}))
                  .find(rule),
              std::string::npos);
  EXPECT_NE(refusal(TarWriter()
                        .long_name("/etc/passwd", 'K')
                        .header({.name = "package/l", .type = '2', .link = "/etc"}))
                .find("is a symbolic link"),
            std::string::npos);
}

TEST(TarballInspector, refuses_names_that_fall_together) {
  const std::pair<const char*, const char*> pairs[] = {
      {"package/a", "package/a"},
      {"package/a", "package/A"},
      {"package/LIB/a", "package/lib/A"},
      {"package/\u00c4", "package/\u00e4"},
      {"package/\u0416", "package/\u0436"},
      {"package/\u212a", "package/k"},
      {"package/a", "package/a."},
      {"package/a", "package/a "},
      {"package/package.json", "package/package.json"}};
  for (const auto& [first, second] : pairs)
    EXPECT_NE(refusal(TarWriter().file(first, "1").file(second, "2")).find("is there twice"),
              std::string::npos)
        << second;
  EXPECT_NE(refusal(TarWriter().file("package/a", "").file("package/A/b", ""))
                .find("is below or on top of a file"),
            std::string::npos);
  EXPECT_NE(refusal(TarWriter().file("package/a/b", "").file("package/a", ""))
                .find("is a file where another entry has a folder"),
            std::string::npos);
  EXPECT_NE(refusal(TarWriter().file("package/a", "").directory("package/a/"))
                .find("is below or on top of a file"),
            std::string::npos);
  EXPECT_EQ(refusal(TarWriter()
                        .directory("package/")
                        .directory("package/a/")
                        .directory("package/a")
                        .file("package/a/b", "")
                        .file("package/b", "")),
            "accepted");
}

TEST(TarballInspector, stops_at_every_limit) {
  EXPECT_EQ(refusal(TarWriter().file("package/package.json", std::string(101, ' '))),
            "The archive entry \"package/package.json\" is larger than 100 bytes.");
  TarWriter many;
  for (char c = 'a'; c < 'e'; ++c) many.file(std::string("package/") + c + "/" + c, "");
  EXPECT_EQ(refusal(many, {.entries = 8}), "The archive has more than 8 files and folders.");
  EXPECT_EQ(refusal(many, {.entries = 9}), "accepted");
  EXPECT_NE(refusal(many, {.entries = 3}).find("more than 3"), std::string::npos);
  EXPECT_NE(refusal(many, {.path_depth = 2}).find("lies too deep"), std::string::npos);
  EXPECT_NE(refusal(many, {.path_bytes = 10}).find("has a path that is too long"),
            std::string::npos);
  EXPECT_EQ(refusal(TarWriter().file("package/a", std::string(3 << 20, 'a')),
                    {.ratio = 50, .ratio_floor = 1 << 20}),
            "The archive unpacks to more than 50 times its size.");
}

TEST(TarballInspector, stays_quick_and_right_with_many_names) {
  TarWriter tar;
  for (int i = 0; i < 20'000; ++i)
    tar.file("package/" + std::to_string(i % 100) + "/" + std::to_string(i), "");
  const auto good = inspect(tar.tgz(), 1 << 16);
  ASSERT_TRUE(good) << good.error().detail;
  EXPECT_EQ(good->file_count, 20'000u);
  tar.file("package/7/7", "");
  EXPECT_FALSE(inspect(tar.tgz(), 1 << 16));
}

TEST(TarballInspector, refuses_a_tarball_cut_anywhere) {
  const std::string tgz = TarWriter().file("package/package.json", "{}").tgz();
  for (std::size_t size = 0; size < tgz.size(); ++size) {
    const auto answer = inspect(ByteView(tgz).substr(0, size), 64);
    ASSERT_FALSE(answer) << size;
    ASSERT_EQ(answer.error().code, Code::invalid_archive);
  }
  const auto tar = TarWriter().file("package/package.json", "{}").unfinished();
  EXPECT_FALSE(inspect(gzip(tar), 64));
  EXPECT_FALSE(inspect(tgz + tgz, 64));
  EXPECT_FALSE(inspect(tar, 64));
}

TEST(NameSet, finds_all_it_was_given_and_nothing_else) {
  NameSet set;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const std::uint64_t hash = i * 0x9e3779b97f4a7c15;
    ASSERT_FALSE(set.contains(hash));
    set.add(hash);
    ASSERT_TRUE(set.contains(hash));
    ASSERT_FALSE(set.contains(hash + 1));
  }
  for (std::uint64_t i = 0; i < 3000; ++i) ASSERT_TRUE(set.contains(i * 0x9e3779b97f4a7c15));
}

TEST(PathFold, folds_letters_of_several_scripts_and_drops_ends_that_windows_drops) {
  const std::pair<const char*, const char*> folds[] = {{"ABCxyz019", "abcxyz019"},
                                                       {"\u00c0\u00d7\u00de", "\u00e0\u00d7\u00fe"},
                                                       {"\u0160\u0178", "\u0161\u00ff"},
                                                       {"\u03a3\u03c2", "\u03c3\u03c3"},
                                                       {"\u0401\u042f", "\u0451\u044f"},
                                                       {"\uff21", "\uff41"},
                                                       {"\U00010400", "\U00010428"},
                                                       {"a. .", "a"},
                                                       {"...", "..."},
                                                       {" a", " a"}};
  for (const auto& [name, folded] : folds) EXPECT_EQ(fold_name(name), folded);
}

}  // namespace
}  // namespace kontor
