// ZIP archives: what is read of honest ones, and each way in which two readers could see different
// files, refused with the rule that is broken.
#include "archive/zip_reader.h"

#include "archive/zip_inspector.h"
#include "tests/support/zip_writer.h"

#include <gtest/gtest.h>

#include <map>

namespace kontor {
namespace {

using test::le16;
using test::le32;
using test::le64;
using test::ZipEndNumbers;
using test::ZipEntry;
using test::ZipNumbers;
using test::ZipWriter;

constexpr std::string_view kText = "a line of text that is there once\n";

// Keeps everything.
class Unpacked final : public ZipSink {
 public:
  Result<void> begin_entry(const ArchiveEntry& entry) override {
    present_ = &files[entry.path];
    return {};
  }
  Result<void> data(ByteView piece) override {
    *present_ += piece;
    return {};
  }
  Result<void> end_entry() override { return {}; }
  Result<void> listed(ByteView path, std::uint32_t mode) override {
    modes[std::string(path)] = mode;
    return {};
  }
  std::map<std::string, std::string> files;
  std::map<std::string, std::uint32_t> modes;

 private:
  std::string* present_ = nullptr;
};

Result<Unpacked> read(ByteView zip, std::size_t piece, const ArchiveLimits& limits = {}) {
  ZipReader reader(limits);
  Unpacked out;
  for (; !zip.empty(); zip.remove_prefix(std::min(piece, zip.size())))
    if (auto done = reader.feed(zip.substr(0, piece), out); !done) return fail(done);
  if (auto done = reader.finish(); !done) return fail(done);
  return out;
}

// The refusal's text, whatever the pieces.
std::string refusal(const std::string& zip, const ArchiveLimits& limits = {}) {
  const auto whole = read(zip, zip.size(), limits), pieces = read(zip, 1, limits);
  EXPECT_EQ(whole.has_value(), pieces.has_value());
  if (whole) return "accepted";
  EXPECT_EQ(whole.error(), pieces.error());
  return whole.error().detail;
}

using Lie = std::function<void(ZipNumbers& header, ZipNumbers& listing)>;

std::string with_lie(Lie lie) {
  return ZipWriter()
      .entry({.name = "a.txt", .content = std::string(kText), .lie = std::move(lie)})
      .zip();
}

std::string about_a(std::string_view rule) {
  return "The archive entry \"a.txt\" " + std::string(rule) + ".";
}

TEST(ZipReader, reads_files_and_folders_and_their_modes) {
  const auto zip = ZipWriter()
                       .folder("content")
                       .file("content/a.txt", kText)
                       .entry({.name = "stored", .content = "as it is", .stored = true})
                       .entry({.name = "streamed", .content = std::string(kText), .streamed = true})
                       .entry({.name = "run.sh",
                               .content = "#!/bin/sh\n",
                               .lie = [](auto&, auto& listing) { listing.mode = 0100755; }})
                       .file("empty", "")
                       .zip();
  for (const std::size_t piece : {zip.size(), std::size_t{1}, std::size_t{7}}) {
    const auto got = read(zip, piece);
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->files.at("content/a.txt"), kText);
    EXPECT_EQ(got->files.at("stored"), "as it is");
    EXPECT_EQ(got->files.at("streamed"), kText);
    EXPECT_EQ(got->files.at("empty"), "");
    EXPECT_EQ(got->files.size(), 6u);
    EXPECT_EQ(got->modes.at("run.sh"), 0100755u);
    EXPECT_EQ(got->modes.at("content/"), 0040755u);
  }
}

TEST(ZipReader, reads_zip64_ends_and_fields) {
  EXPECT_EQ(refusal(ZipWriter().file("a.txt", kText).zip64()), "accepted");
  const auto big_sizes = with_lie([](ZipNumbers& header, ZipNumbers& listing) {
    for (auto* n : {&header, &listing}) {
      n->extra = le16(1) + le16(16) + le64(n->unpacked) + le64(n->packed);
      n->packed = n->unpacked = 0xffffffff;
    }
  });
  EXPECT_EQ(refusal(big_sizes), "accepted");
  auto moved = ZipWriter().file("a.txt", kText).zip64();
  moved[moved.rfind("PK\6\7") + 8] ^= 1;
  EXPECT_EQ(refusal(moved), "The zip64 end of the directory is not where it is said to be.");
}

TEST(ZipReader, refuses_what_is_no_archive_or_cut_short) {
  EXPECT_EQ(refusal("hello, this is text"), "This is no ZIP archive.");
  EXPECT_EQ(refusal("PK"), "This is no ZIP archive.");
  const auto zip = ZipWriter().file("a.txt", kText).file("b.txt", kText).zip();
  for (std::size_t size = 4; size < zip.size(); ++size)
    ASSERT_NE(refusal(zip.substr(0, size)), "accepted") << size;
  EXPECT_EQ(refusal(zip + "x"), "There is data behind the end of the ZIP archive.");
}

TEST(ZipReader, refuses_a_prefix_and_gaps) {
  EXPECT_EQ(refusal("#!/bin/sh\n" + ZipWriter().file("a.txt", kText).zip()),
            "This is no ZIP archive.");
  const auto gap = ZipWriter()
                       .entry({.name = "a.txt", .content = std::string(kText), .behind = "hidden"})
                       .file("b.txt", kText)
                       .zip();
  EXPECT_EQ(refusal(gap), "The ZIP archive has other bytes between its records.");
}

TEST(ZipReader, refuses_entries_that_are_not_listed_or_listed_twice) {
  const auto hidden = ZipWriter().file("a.txt", kText).unlisted("b.txt", kText).zip();
  EXPECT_EQ(refusal(hidden), "The directory of the ZIP archive does not list all entries.");
  const auto overlap = ZipWriter()
                           .file("a.txt", kText)
                           .entry({.name = "a.txt",
                                   .content = std::string(kText),
                                   .lie = [](auto&, auto& listing) { listing.offset = 0; }})
                           .zip();
  EXPECT_EQ(refusal(overlap), about_a("is listed twice"));
  EXPECT_EQ(refusal(with_lie([](auto&, auto& listing) { listing.offset = 3; })),
            about_a("is listed where there is no entry"));
}

TEST(ZipReader, refuses_a_directory_that_says_other_than_the_headers) {
  const std::string rule = "is listed as another than it is";
  EXPECT_EQ(refusal(with_lie([](auto&, auto& listing) { ++listing.unpacked; })), about_a(rule));
  EXPECT_EQ(refusal(with_lie([](auto&, auto& listing) { --listing.packed; })), about_a(rule));
  EXPECT_EQ(refusal(with_lie([](auto&, auto& listing) { listing.crc ^= 1; })), about_a(rule));
  EXPECT_EQ(refusal(with_lie([](auto&, auto& listing) { listing.method = 0; })), about_a(rule));
  EXPECT_EQ(refusal(with_lie([](auto&, auto& listing) { listing.name = "b.txt"; })),
            "The archive entry \"b.txt\" " + rule + ".");
}

TEST(ZipReader, refuses_headers_that_lie_about_the_data) {
  const auto both = [](auto change) {
    return with_lie([change](ZipNumbers& header, ZipNumbers& listing) {
      change(header);
      change(listing);
    });
  };
  EXPECT_EQ(refusal(both([](auto& n) { n.crc ^= 1; })), about_a("does not have its checksum"));
  EXPECT_EQ(refusal(both([](auto& n) { --n.unpacked; })),
            about_a("unpacks to more than it states"));
  EXPECT_EQ(refusal(both([](auto& n) { ++n.unpacked; })),
            about_a("unpacks to less than it states"));
  EXPECT_EQ(refusal(both([](auto& n) { --n.packed; })), about_a("is cut short"));
  EXPECT_EQ(refusal(both([](auto& n) { ++n.packed; })), about_a("has other bytes behind its data"));
  EXPECT_EQ(refusal(both([](auto& n) { n.packed = 0; })), about_a("is cut short"));
}

TEST(ZipReader, refuses_streamed_entries_whose_sizes_lie) {
  const auto streamed = [](Lie lie) {
    return ZipWriter()
        .entry({.name = "a.txt",
                .content = std::string(kText),
                .streamed = true,
                .lie = std::move(lie)})
        .zip();
  };
  EXPECT_EQ(refusal(streamed([](auto&, auto& listing) { listing.crc ^= 1; })),
            about_a("is not what its sizes say"));
  EXPECT_EQ(refusal(streamed([](auto& header, auto&) { header.unpacked = 5; })),
            about_a("is not what its sizes say"));
  EXPECT_EQ(refusal(streamed([](auto& header, auto& listing) {
              header.method = 0;
              listing.method = 0;
            })),
            about_a("is stored without its size before it; deflate it"));
}

TEST(ZipReader, refuses_encryption_rare_methods_and_flags) {
  const auto flags = [](std::uint16_t bits) {
    return with_lie([bits](auto& header, auto&) { header.flags |= bits; });
  };
  EXPECT_EQ(refusal(flags(0x0001)), about_a("is encrypted"));
  EXPECT_EQ(refusal(flags(0x0040)), about_a("is encrypted"));
  EXPECT_EQ(refusal(flags(0x2000)), about_a("is encrypted"));
  EXPECT_EQ(refusal(flags(0x0020)), about_a("has flags that are not understood"));
  EXPECT_EQ(refusal(with_lie([](auto& header, auto&) { header.method = 9; })),
            about_a("is packed by another method than deflate"));
  EXPECT_EQ(refusal(with_lie([](auto& header, auto&) { header.needed = 51; })),
            about_a("needs a newer version of ZIP"));
  EXPECT_EQ(refusal(with_lie([](auto&, auto& listing) { listing.flags |= 1; })),
            about_a("is encrypted"));
}

TEST(ZipReader, refuses_links_devices_and_folders_with_contents) {
  for (const std::uint32_t mode : {0120777u, 0060644u, 0010644u, 0040755u})
    EXPECT_EQ(refusal(with_lie([mode](auto&, auto& listing) { listing.mode = mode; })),
              about_a("is a link, a device or not of the kind that its name says"));
  EXPECT_EQ(refusal(ZipWriter().entry({.name = "d/", .content = "x", .stored = true}).zip()),
            "The archive entry \"d/\" is a folder with contents.");
}

TEST(ZipReader, refuses_names_that_readers_see_differently) {
  const auto extra = [](std::string text) {
    return with_lie([text](auto& header, auto&) { header.extra = text; });
  };
  EXPECT_EQ(refusal(extra(le16(0x7075) + le16(10) + "\1" + le32(0) + "b.txt")),
            about_a("has another name in its Unicode field"));
  EXPECT_EQ(refusal(extra(le16(0x7075) + le16(10) + "\1" + le32(0) + "a.txt")), "accepted");
  EXPECT_EQ(refusal(extra("abc")), about_a("has malformed extra fields"));
  EXPECT_EQ(refusal(extra(le16(7) + le16(9) + "short")), about_a("has malformed extra fields"));
  const auto unmarked =
      ZipWriter()
          .entry({.name = "caf\xc3\xa9",
                  .content = "x",
                  .lie = [](auto& header, auto& listing) { header.flags = listing.flags = 0; }})
          .zip();
  EXPECT_EQ(refusal(unmarked),
            "The archive entry \"caf\\xc3\\xa9\" has a name that is not marked as UTF-8.");
}

TEST(ZipReader, refuses_ends_that_lie_or_could_be_taken_for_others) {
  const auto end = [](std::function<void(ZipEndNumbers&)> lie) {
    return refusal(ZipWriter().file("a.txt", kText).zip(lie));
  };
  const std::string rule = "The end of the ZIP archive does not describe its directory.";
  EXPECT_EQ(end([](auto& n) { ++n.entries; }), rule);
  EXPECT_EQ(end([](auto& n) { ++n.size; }), rule);
  EXPECT_EQ(end([](auto& n) { --n.offset; }), rule);
  EXPECT_EQ(end([](auto& n) { n.entries = 0xffff; }), rule);
  EXPECT_EQ(end([](auto& n) { n.comment = "made by hand"; }), "accepted");
  EXPECT_EQ(end([](auto& n) { n.comment = "PK\5\6" + std::string(18, '\0'); }),
            "The comment of the ZIP archive holds another end of a directory.");
  const auto fake = with_lie(
      [](auto&, auto& listing) { listing.comment = "PK\6\7" + le32(0) + le64(0) + le32(1); });
  EXPECT_EQ(refusal(fake), "The directory of the ZIP archive ends like a zip64 locator.");
}

TEST(ZipReader, keeps_within_limits) {
  const std::string zeros(200'000, '\0');
  const auto bomb = ZipWriter().file("a.txt", zeros).file("b.txt", zeros).zip();
  EXPECT_EQ(refusal(bomb), "accepted");
  EXPECT_EQ(refusal(bomb, {.unpacked_bytes = 300'000}),
            "The archive unpacks to more than 300000 bytes.");
  EXPECT_EQ(refusal(bomb, {.file_bytes = 1 << 10}), about_a("unpacks to more than 1024 bytes"));
  EXPECT_EQ(refusal(bomb, {.entries = 1}), "The archive has more than 1 entries.");
  EXPECT_EQ(refusal(bomb, {.ratio = 10, .ratio_floor = 1000}),
            "The archive unpacks to more than 10 times its size.");
  EXPECT_EQ(read(bomb, 100, {.packed_bytes = 300}).error().code, Code::too_large);
  const auto streamed =
      ZipWriter().entry({.name = "a.txt", .content = zeros, .streamed = true}).zip();
  EXPECT_EQ(refusal(streamed, {.unpacked_bytes = 100'000}),
            "The archive unpacks to more than 100000 bytes.");
}

TEST(ZipInspector, applies_the_rules_for_paths_and_keeps_what_was_asked_for) {
  const auto inspect = [](const std::string& zip) {
    ZipInspector inspector({.wanted = {{"course.json", 100}},
                            .root = ArchiveRoot::anywhere,
                            .list_files = true,
                            .form = ArchiveForm::zip,
                            .find_programs = true});
    auto done = inspector.feed(zip);
    return done ? inspector.finish() : Result<ArchiveReport>(fail(done));
  };
  const auto good = inspect(ZipWriter()
                                .entry({.name = "course.json", .content = "{}", .streamed = true})
                                .file("runner/tool",
                                      "\x7f"
                                      "ELF\2\1\1")
                                .file("content/a.txt", kText)
                                .zip());
  ASSERT_TRUE(good) << good.error().detail;
  EXPECT_EQ(good->wanted.at(0)->bytes, "{}");
  EXPECT_EQ(good->wanted.at(0)->size, 2u);
  EXPECT_EQ(good->files.size(), 3u);
  EXPECT_EQ(good->file_count, 3u);
  EXPECT_EQ(good->programs, (std::vector<FoundProgram>{{"runner/tool", "ELF"}}));
  for (const auto* path : {"../a", "/a", "a/../b", "a\\b", "c:/a", "a//b", "nul"})
    EXPECT_FALSE(inspect(ZipWriter().file(path, kText).zip())) << path;
  EXPECT_FALSE(inspect(ZipWriter().file("a", kText).file("A", kText).zip()));
  EXPECT_FALSE(inspect(ZipWriter().file("a", kText).file("a", kText).zip()));
  EXPECT_FALSE(inspect(ZipWriter().file("a", kText).file("a/b", kText).zip()));
  EXPECT_EQ(inspect(ZipWriter().file("course.json", std::string(101, 'x')).zip()).error().code,
            Code::too_large);
}

}  // namespace
}  // namespace kontor
