// Tarballs: cuts change nothing and totals stay within the limits. An input is raw gzip, a raw tar,
// or a program for the tar writer, so that the right checksums are no obstacle.
#include "archive/gzip_writer.h"
#include "archive/tarball_inspector.h"
#include "base/check.h"
#include "tests/support/tar_writer.h"

#include "fuzz/pieces.h"

namespace {

using kontor::Bytes;
using kontor::ByteView;
using kontor::TarballInspector;
using kontor::ArchiveReport;

constexpr kontor::ArchiveLimits kLimits{.packed_bytes = 20'000,
                                        .unpacked_bytes = 300'000,
                                        .file_bytes = 100'000,
                                        .entries = 20,
                                        .path_bytes = 60,
                                        .path_depth = 6,
                                        .ratio = 50,
                                        .ratio_floor = 70'000};

TarballInspector inspector() {
  using enum kontor::WantedFile::Match;
  using enum kontor::WantedFile::Oversize;
  return TarballInspector(
      {.limits = kLimits,
       .wanted = {{"package.json", 50, exact, refuse}, {"readme", 5, stem, cut}}});
}

kontor::Result<ArchiveReport> inspect(ByteView tgz, std::uint32_t seed) {
  auto reader = inspector();
  kontor::Result<void> done;
  kontor::fuzz::in_pieces(tgz, seed, [&](ByteView piece) {
    done = reader.feed(piece);
    return done.has_value();
  });
  if (!done) return kontor::fail(done);
  return reader.finish();
}

kontor::Result<ArchiveReport> inspect_whole(ByteView tgz) {
  auto reader = inspector();
  if (auto done = reader.feed(tgz); !done) return kontor::fail(done);
  return reader.finish();
}

// Up to the next `end` byte.
std::string take_text(ByteView& program, char end) {
  const auto size = std::min(program.find(end), program.size());
  std::string text(program.substr(0, size));
  program.remove_prefix(std::min(size + 1, program.size()));
  return text;
}

void step(kontor::test::TarWriter& tar, ByteView& program) {
  const char op = program.front();
  program.remove_prefix(1);
  std::string text = take_text(program, '\n');
  switch (op) {
    case 'f':
      tar.file(text, take_text(program, '\n'));
      break;
    case 'd':
      tar.directory(text);
      break;
    case 'L':
    case 'K':
      tar.long_name(text, op);
      break;
    case 'x':
    case 'g':
      tar.pax({{text, take_text(program, '\n')}}, op);
      break;
    case 'X':
      tar.entry({.name = "x", .type = 'x'}, text + '\n');
      break;
    case 's':
      tar.header({.name = text, .size_text = take_text(program, '\n')});
      break;
    case 'p':
      tar.header({.name = text, .prefix = take_text(program, '\n')});
      break;
    case 'm':
      tar.header({.name = "package/m", .magic = text});
      break;
    case 'z':
      tar.raw(std::string(512, '\0'));
      break;
    case 'r':
      tar.raw(text);
      break;
    case 'b':
      tar.file("package/big", std::string(text.size() * 5000, 'b'));
      break;
    default:
      tar.header({.name = text, .type = op});
      break;
  }
}

Bytes tarball(ByteView input, std::uint32_t seed) {
  if (seed % 4 == 0) return Bytes(input);
  if (seed % 4 == 1) return kontor::gzip(input, 1);
  kontor::test::TarWriter tar;
  while (!input.empty()) step(tar, input);
  return kontor::gzip(seed % 8 < 4 ? tar.tar() : tar.unfinished(), 1);
}

void check_report(const ArchiveReport& report, ByteView tgz) {
  kontor::check(report.packed_size == tgz.size(), "a wrong packed size");
  kontor::check(report.unpacked_size <= kLimits.unpacked_bytes, "too large and accepted");
  kontor::check(report.file_count <= kLimits.entries, "too many files and accepted");
  for (const auto& file : report.wanted) {
    if (!file) continue;
    kontor::check(file->bytes.size() <= 50 && file->bytes.size() <= file->size, "a wrong capture");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView input(reinterpret_cast<const char*>(data), size);
  const auto seed = kontor::fuzz::take_seed(input);
  const Bytes tgz = tarball(input, seed);
  const auto whole = inspect_whole(tgz);
  const auto cut = inspect(tgz, seed / 4);
  kontor::check(whole.has_value() == cut.has_value(), "a cut changes the answer");
  if (!whole) {
    kontor::check(whole.error() == cut.error(), "a cut changes the error");
    return 0;
  }
  check_report(*whole, tgz);
  kontor::check(whole->root == cut->root && whole->unpacked_size == cut->unpacked_size &&
                    whole->file_count == cut->file_count,
                "a cut changes the totals");
  for (std::size_t i = 0; i < whole->wanted.size(); ++i) {
    kontor::check(whole->wanted[i].has_value() == cut->wanted[i].has_value(), "a capture is lost");
    if (cut->wanted[i])
      kontor::check(whole->wanted[i]->bytes == cut->wanted[i]->bytes, "a capture differs");
  }
  return 0;
}
