// Tar streams, honest and hostile, whole and in pieces.
#include "archive/tar_reader.h"

#include "tests/support/tar_writer.h"

#include <gtest/gtest.h>

namespace kontor {
namespace {

using test::TarFields;
using test::TarWriter;

// Writes down what it is told.
class Recorder final : public EntrySink {
 public:
  Result<void> begin_entry(const ArchiveEntry& entry) override {
    log += entry.path + '|' + std::to_string(static_cast<int>(entry.kind)) + '|' +
           std::to_string(entry.size) + '|';
    return {};
  }
  Result<void> data(ByteView piece) override {
    EXPECT_FALSE(piece.empty());
    log += piece;
    return {};
  }
  Result<void> end_entry() override {
    log += '\n';
    return {};
  }
  std::string log;
};

// What the entries were, or the error's text.
std::string read(ByteView tar, std::size_t piece, const ArchiveLimits& limits = {}) {
  TarReader reader(limits);
  Recorder recorder;
  for (; !tar.empty(); tar.remove_prefix(std::min(piece, tar.size())))
    if (auto done = reader.feed(tar.substr(0, piece), recorder); !done)
      return std::string(info(done.error().code).name) + ": " + done.error().detail;
  if (auto done = reader.finish(); !done) return done.error().detail;
  return recorder.log;
}

// The answer must not depend on how the stream is cut.
std::string read(ByteView tar, const ArchiveLimits& limits = {}) {
  const std::string whole = read(tar, tar.size() + 1, limits);
  for (std::size_t piece : {1, 7, 511, 512, 513}) EXPECT_EQ(read(tar, piece, limits), whole);
  return whole;
}

TEST(TarReader, tells_files_and_directories_in_order) {
  const auto tar = TarWriter()
                       .directory("package/")
                       .file("package/a", "hello")
                       .file("package/empty", "")
                       .file("package/b", std::string(1024, 'x'))
                       .tar();
  EXPECT_EQ(read(tar), "package/|1|0|\npackage/a|0|5|hello\npackage/empty|0|0|\npackage/b|0|1024|" +
                           std::string(1024, 'x') + "\n");
}

TEST(TarReader, gives_the_same_answer_at_every_split) {
  const auto tar = TarWriter()
                       .pax({{"path", "package/long"}})
                       .file("x", "12")
                       .long_name("package/other")
                       .file("y", "34")
                       .tar();
  for (std::size_t at = 0; at <= tar.size(); ++at) {
    TarReader reader({});
    Recorder recorder;
    ASSERT_TRUE(reader.feed(ByteView(tar).substr(0, at), recorder));
    ASSERT_TRUE(reader.feed(ByteView(tar).substr(at), recorder));
    ASSERT_TRUE(reader.finish());
    ASSERT_EQ(recorder.log, "package/long|0|2|12\npackage/other|0|2|34\n") << at;
  }
}

TEST(TarReader, joins_the_posix_prefix_and_ignores_what_gnu_keeps_there) {
  EXPECT_EQ(read(TarWriter().entry({.name = "b", .prefix = "package/a"}, "1").tar()),
            "package/a/b|0|1|1\n");
  EXPECT_EQ(
      read(TarWriter()
               .entry({.name = "package/b", .prefix = "0123", .magic = std::string("ustar  \0", 8)},
                      "1")
               .tar()),
      "package/b|0|1|1\n");
  const std::string times = std::string(131, '\0') + "15270440050" + '\0' + "15270440050";
  EXPECT_EQ(read(TarWriter().entry({.name = "node/a", .prefix = times}, "1").tar()),
            "node/a|0|1|1\n");
  const std::string long_prefix(155, 'p');
  EXPECT_EQ(read(TarWriter().entry({.name = "a", .prefix = long_prefix}, "1").tar()),
            long_prefix + "/a|0|1|1\n");
  EXPECT_EQ(
      read(TarWriter().entry({.name = "package/v7", .magic = std::string(8, '\0')}, "").tar()),
      "package/v7|0|0|\n");
}

TEST(TarReader, names_every_kind_it_knows) {
  using enum ArchiveEntry::Kind;
  const std::pair<char, ArchiveEntry::Kind> kinds[] = {
      {'\0', file},  {'0', file}, {'1', hard_link}, {'2', symbolic_link}, {'3', device},
      {'4', device}, {'6', fifo}, {'S', sparse},    {'7', other},         {'V', other}};
  for (const auto& [type, kind] : kinds)
    EXPECT_EQ(read(TarWriter().header({.name = "p", .type = type}).tar()),
              "p|" + std::to_string(static_cast<int>(kind)) + "|0|\n");
}

TEST(TarReader, reads_sizes_in_octal_and_base_256) {
  const std::string base256("\x80\0\0\0\0\0\0\0\0\0\0\x03", 12);
  for (const std::string& size : {std::string("00000000003"), std::string("         3 "),
                                  std::string("3"), std::string("000000000003"), base256})
    EXPECT_EQ(read(TarWriter().header({.name = "p", .size_text = size}).content("abc").tar()),
              "p|0|3|abc\n")
        << size;
}

TEST(TarReader, refuses_sizes_that_parsers_read_differently) {
  const std::string texts[] = {"",
                               "           ",
                               "0000000008",
                               "0x3",
                               "-1",
                               "3a",
                               "3 3",
                               std::string("3\0x", 3),
                               std::string(12, '\xff'),
                               std::string("\x80\0\0\x01\0\0\0\0\0\0\0\0", 12),
                               std::string("\x81\0\0\0\0\0\0\0\0\0\0\x03", 12),
                               std::string("\x80\0\0\0\x80\0\0\0\0\0\0\0", 12)};
  for (const std::string& size : texts)
    EXPECT_EQ(read(TarWriter().header({.name = "p", .size_text = size}).content("abc").tar()),
              "invalid_archive: The archive entry \"p\" has a size that is not a number.")
        << size;
}

TEST(TarReader, takes_path_from_pax_before_gnu_and_ustar) {
  EXPECT_EQ(read(TarWriter()
                     .pax({{"comment", "abc"}}, 'g')
                     .pax({{"mtime", "1.5"}, {"path", "package/p\xc3\xa4x"}, {"size", "2"}})
                     .file("short", "ok")
                     .tar()),
            "package/p\xc3\xa4x|0|2|ok\n");
  EXPECT_EQ(read(TarWriter().long_name("package/g").file("short", "ok").tar()),
            "package/g|0|2|ok\n");
}

struct Refused {
  const char* what;
  std::string tar;
  std::string detail;
};

std::vector<Refused> hostile() {
  const std::string zeros(512, '\0');
  return {
      {"bad checksum", TarWriter().header({.name = "p", .checksum_error = 1}).tar(),
       "A tar header has a wrong checksum."},
      {"unknown magic", TarWriter().header({.name = "p", .magic = "ustar\0001"}).tar(),
       "A tar header is of an unknown format."},
      {"bytes behind a name", TarWriter().header({.name = std::string("p\0/../q", 7)}).tar(),
       "A tar header has bytes behind the end of a name."},
      {"no end mark", TarWriter().file("p", "x").unfinished(),
       "The archive is cut short: its end mark is missing."},
      {"nothing at all", "", "The archive is cut short: its end mark is missing."},
      {"cut in a header", TarWriter().file("p", "x").unfinished().substr(0, 300),
       "The archive is cut short: its end mark is missing."},
      {"cut in content", TarWriter().file("p", std::string(600, 'x')).unfinished().substr(0, 900),
       "The archive is cut short: its end mark is missing."},
      {"size larger than the archive", TarWriter().header({.name = "p", .size = 5000}).tar(),
       "The archive is cut short: its end mark is missing."},
      {"data after one zero block", TarWriter().raw(zeros).file("p", "x").tar(),
       "There is data behind the end of the archive."},
      {"garbage after the end", TarWriter().file("p", "").tar() + "x",
       "There is data behind the end of the archive."},
      {"nested pax", TarWriter().pax({{"path", "a"}}).pax({{"path", "b"}}).file("p", "").tar(),
       "Two extended headers stand before one entry."},
      {"pax then long name", TarWriter().pax({{"path", "a"}}).long_name("b").file("p", "").tar(),
       "Two extended headers stand before one entry."},
      {"long name then pax", TarWriter().long_name("b").pax({{"path", "a"}}).file("p", "").tar(),
       "Two extended headers stand before one entry."},
      {"two long names", TarWriter().long_name("b").long_name("c").file("p", "").tar(),
       "Two extended headers stand before one entry."},
      {"pax without entry", TarWriter().pax({{"mtime", "1"}}).tar(),
       "The archive ends behind a header without its entry."},
      {"long name without entry", TarWriter().long_name("b").tar(),
       "The archive ends behind a header without its entry."},
      {"empty long name", TarWriter().long_name("").file("p", "").tar(),
       "A GNU long name is empty."},
      {"empty pax", TarWriter().header({.name = "x", .type = 'x'}).file("p", "").tar(),
       "An extended header is empty or too long."},
      {"endless pax", TarWriter().header({.name = "x", .type = 'x', .size = 1 << 30}).tar(),
       "An extended header is empty or too long."},
      {"global path", TarWriter().pax({{"path", "evil"}}, 'g').file("p", "").tar(),
       "A global pax header states a path or a size."},
      {"global size", TarWriter().pax({{"size", "1"}}, 'g').file("p", "").tar(),
       "A global pax header states a path or a size."},
      {"pax path twice", TarWriter().pax({{"path", "a"}, {"path", "b"}}).file("p", "").tar(),
       "A pax header states path twice or without a value."},
      {"pax path deleted", TarWriter().pax({{"path", ""}}).file("p", "").tar(),
       "A pax header states path twice or without a value."},
      {"pax size differs", TarWriter().pax({{"size", "0"}}).file("p", "abc").tar(),
       "The archive entry \"p\" has two sizes that differ."},
      {"pax size not a number", TarWriter().pax({{"size", "0x3"}}).file("p", "abc").tar(),
       "A pax header states a size that is not a number."},
      {"pax line end in a value",
       TarWriter().pax({{"comment", "a\n18 path=package/b"}}).file("p", "").tar(),
       "A pax header is damaged or has line ends inside a value."},
      {"pax with a wrong length",
       TarWriter().entry({.name = "x", .type = 'x'}, "99 path=a\n").file("p", "").tar(),
       "A pax header is damaged or has line ends inside a value."},
      {"pax with a short length",
       TarWriter().entry({.name = "x", .type = 'x'}, "8 path=a\n").file("p", "").tar(),
       "A pax header is damaged or has line ends inside a value."},
      {"pax without a key",
       TarWriter().entry({.name = "x", .type = 'x'}, "7 path\n").file("p", "").tar(),
       "A pax header is damaged or has line ends inside a value."},
      {"pax with a NUL in a key",
       TarWriter().pax({{std::string("pa\0th", 5), "a"}}).file("p", "").tar(),
       "A pax header is damaged or has line ends inside a value."},
      {"bytes behind a prefix",
       TarWriter().header({.name = "p", .prefix = std::string("a\0b", 3)}).tar(),
       "A tar header has bytes behind the end of a name."},
      {"sparse by pax", TarWriter().pax({{"GNU.sparse.major", "1"}}).file("p", "").tar(),
       "Sparse files are not allowed."},
      {"directory with content", TarWriter().entry({.name = "d", .type = '5'}, "x").tar(),
       "The archive entry \"d\" has content but is not a file."},
      {"link target for a file", TarWriter().long_name("/etc", 'K').file("p", "").tar(),
       "The archive entry \"p\" has the target of a link but is none."},
      {"pax link target for a file", TarWriter().pax({{"linkpath", "/etc"}}).file("p", "").tar(),
       "The archive entry \"p\" has the target of a link but is none."},
  };
}

TEST(TarReader, refuses_what_parsers_disagree_about) {
  for (const Refused& c : hostile()) {
    const std::string answer = read(c.tar);
    EXPECT_TRUE(answer == c.detail || answer == "invalid_archive: " + c.detail)
        << c.what << ": " << answer;
  }
}

TEST(TarReader, stops_at_its_limits) {
  TarWriter many;
  for (int i = 0; i < 4; ++i) many.file("p" + std::to_string(i), "");
  EXPECT_EQ(read(many.tar(), ArchiveLimits{.entries = 3}),
            "too_large: The archive has more than 3 entries.");
  EXPECT_EQ(read(TarWriter().header({.name = "p", .size = (1 << 20) + 1}).tar(),
                 ArchiveLimits{.file_bytes = 1 << 20}),
            "too_large: The archive entry \"p\" is larger than 1 MiB.");
}

TEST(TarReader, accepts_zero_padding_behind_the_end) {
  EXPECT_EQ(read(TarWriter().file("p", "x").tar() + std::string(9001, '\0')), "p|0|1|x\n");
  EXPECT_EQ(read(TarWriter().file("p", "x").unfinished() + std::string(512, '\0')), "p|0|1|x\n");
}

}  // namespace
}  // namespace kontor
