// ZIP archives read as a stream: cuts change nothing, totals stay within the limits, and what is
// accepted is found again through its directory with the same contents. An input is a raw archive,
// or a program for the ZIP writer, so that the right checksums are no obstacle.
#include "archive/zip_directory.h"
#include "archive/zip_inspector.h"
#include "archive/zip_reader.h"
#include "base/check.h"
#include "tests/support/zip_writer.h"

#include "fuzz/pieces.h"

#include <map>

namespace {

using kontor::ArchiveReport;
using kontor::Bytes;
using kontor::ByteView;
using kontor::test::ZipEntry;
using kontor::test::ZipNumbers;
using kontor::test::ZipWriter;

constexpr kontor::ArchiveLimits kLimits{.packed_bytes = 20'000,
                                        .unpacked_bytes = 300'000,
                                        .file_bytes = 100'000,
                                        .entries = 20,
                                        .path_bytes = 60,
                                        .path_depth = 6,
                                        .ratio = 50,
                                        .ratio_floor = 70'000};

// Keeps what it is told.
class Kept final : public kontor::ZipSink {
 public:
  kontor::Result<void> begin_entry(const kontor::ArchiveEntry& entry) override {
    if (files.contains(entry.path)) return kontor::fail(kontor::Code::invalid_archive, "twice");
    present_ = &files[entry.path];
    return {};
  }
  kontor::Result<void> data(ByteView piece) override {
    *present_ += piece;
    return {};
  }
  kontor::Result<void> end_entry() override { return {}; }
  kontor::Result<void> listed(ByteView path, std::uint32_t) override {
    kontor::check(files.contains(std::string(path)), "listed and never read");
    ++listings;
    return {};
  }
  std::map<std::string, Bytes> files;
  std::size_t listings = 0;

 private:
  Bytes* present_ = nullptr;
};

kontor::Result<Kept> read(ByteView zip, std::uint32_t seed, bool whole) {
  kontor::ZipReader reader(kLimits);
  Kept out;
  kontor::Result<void> done;
  if (whole) {
    done = reader.feed(zip, out);
  } else {
    kontor::fuzz::in_pieces(zip, seed, [&](ByteView piece) {
      done = reader.feed(piece, out);
      return done.has_value();
    });
  }
  if (done) done = reader.finish();
  if (!done) return kontor::fail(done);
  return out;
}

std::string take_text(ByteView& program) {
  const auto size = std::min(program.find('\n'), program.size());
  std::string text(program.substr(0, size));
  program.remove_prefix(std::min(size + 1, program.size()));
  return text;
}

std::uint32_t take_number(ByteView& program) {
  std::uint32_t out = 0;
  for (int i = 0; i < 4 && !program.empty(); ++i, program.remove_prefix(1))
    out = out << 8 | static_cast<unsigned char>(program.front());
  return out;
}

// One number of one header, changed.
void lie(ZipNumbers& numbers, char which, std::uint32_t value) {
  switch (which % 9) {
    case 0:
      numbers.needed = static_cast<std::uint16_t>(value);
      break;
    case 1:
      numbers.flags = static_cast<std::uint16_t>(value);
      break;
    case 2:
      numbers.method = static_cast<std::uint16_t>(value);
      break;
    case 3:
      numbers.crc ^= value;
      break;
    case 4:
      numbers.packed += value;
      break;
    case 5:
      numbers.unpacked += value;
      break;
    case 6:
      numbers.mode = value;
      break;
    case 7:
      numbers.offset += value;
      break;
    default:
      numbers.extra = std::string(reinterpret_cast<const char*>(&value), 4);
      break;
  }
}

void step(ZipWriter& zip, ByteView& program) {
  const auto op = static_cast<unsigned char>(program.front());
  program.remove_prefix(1);
  ZipEntry entry{.name = take_text(program), .content = take_text(program)};
  entry.stored = op & 1;
  entry.streamed = op & 2;
  if (op & 4) entry.content = std::string(entry.content.size() * 3000, 'b');
  if (op & 8) entry.behind = take_text(program);
  if (op & 16) {
    const char which = program.empty() ? '\0' : program.front();
    const auto value = take_number(program);
    entry.lie = [which, value, both = op & 32](ZipNumbers& header, ZipNumbers& listing) {
      lie(listing, which, value);
      if (both) lie(header, which, value);
    };
  }
  zip.entry(entry);
}

Bytes archive(ByteView input, std::uint32_t seed) {
  if (seed % 4 == 0) return Bytes(input);
  ZipWriter zip;
  while (!input.empty()) step(zip, input);
  return seed % 4 == 1 ? zip.zip64() : zip.zip();
}

void check_directory(ByteView zip, const Kept& kept) {
  const auto tail = zip.substr(zip.size() - std::min<std::size_t>(zip.size(), kontor::kZipTail));
  const auto place = kontor::find_zip_directory(tail);
  kontor::check(place.has_value(), "accepted, but has no directory");
  const auto directory = zip.substr(place->offset, place->size);
  for (const auto& [name, content] : kept.files) {
    const auto listing = kontor::find_zip_listing(directory, name);
    kontor::check(listing && *listing, "accepted, but not listed");
    const auto data =
        kontor::zip_entry_data(**listing, zip.substr((**listing).offset, kontor::kZipEntry));
    kontor::check(data.has_value(), "listed, but not there");
    const auto bytes = kontor::unpack_zip_entry(**listing, zip.substr(data->offset, data->size),
                                                kLimits.file_bytes);
    kontor::check(bytes && *bytes == content, "two ways to read, two contents");
  }
}

// The rules about paths come to it; totals are those of what was read.
void check_report(ByteView zip, const Kept& kept) {
  kontor::ZipInspector inspector(
      {.limits = kLimits, .root = kontor::ArchiveRoot::anywhere, .form = kontor::ArchiveForm::zip});
  if (!inspector.feed(zip)) return;
  const auto report = inspector.finish();
  kontor::check(report.has_value(), "the inspector refuses what the reader took to its end");
  std::uint64_t total = 0;
  for (const auto& [name, content] : kept.files) total += content.size();
  kontor::check(report->unpacked_size == total && total <= kLimits.unpacked_bytes, "a wrong total");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteView input(reinterpret_cast<const char*>(data), size);
  const auto seed = kontor::fuzz::take_seed(input);
  const Bytes zip = archive(input, seed);
  const auto whole = read(zip, 0, true), cut = read(zip, seed, false);
  kontor::check(whole.has_value() == cut.has_value(), "a cut changes the answer");
  if (!whole) {
    // The size of all is known at once only where all comes at once.
    const bool large = zip.size() > kLimits.packed_bytes;
    kontor::check(large || whole.error() == cut.error(), "a cut changes the error");
    return 0;
  }
  kontor::check(whole->files == cut->files && whole->listings == whole->files.size(),
                "a cut loses");
  check_directory(zip, *whole);
  check_report(zip, *whole);
  return 0;
}
