// Nothing is looked at twice: what was accepted is consistent, what is not leads to an error here.
#include "archive/zip_directory.h"

#include "archive/raw_inflater.h"
#include "archive/refusal.h"

#include <algorithm>

namespace kontor {
namespace {

constexpr std::uint16_t kStored = 0, kDeflated = 8;

bool is_record(ByteView bytes, std::size_t at, ZipRecord record) {
  return bytes.size() >= at + kZipSignature && static_cast<ZipRecord>(zip_u32(bytes, at)) == record;
}

std::unexpected<Error> damaged() {
  return fail(Code::storage_failed, "The stored artifact is damaged.",
              "an accepted ZIP archive cannot be read");
}

// Keeps no more than it may.
class Collected final : public ByteSink {
 public:
  explicit Collected(std::uint64_t max) : max_(max) {}
  Result<void> write(ByteView piece) override {
    if (piece.size() > max_ - bytes.size()) return fail(Code::too_large, "The file is too large.");
    bytes += piece;
    return {};
  }
  Bytes bytes;

 private:
  const std::uint64_t max_;
};

}  // namespace

Result<ZipSpan> find_zip_directory(ByteView tail) {
  if (tail.size() < kZipEnd) return damaged();
  std::size_t at = tail.size() - kZipEnd;
  while (at > 0 && !is_record(tail, at, ZipRecord::end)) --at;
  if (!is_record(tail, at, ZipRecord::end)) return damaged();
  const auto end = read_zip_end(tail.substr(at, kZipEnd));
  constexpr auto kBig = kZipBigLocator + kZipBigEnd;
  if (at < kBig || !is_record(tail, at - kZipBigLocator, ZipRecord::big_locator))
    return ZipSpan{end.offset, end.size};
  if (!is_record(tail, at - kBig, ZipRecord::big_end)) return damaged();
  const auto big = read_zip_big_end(tail.substr(at - kBig, kZipBigEnd));
  return ZipSpan{big.offset, big.size};
}

Result<std::optional<ZipHeader>> find_zip_listing(ByteView directory, ByteView name) {
  while (!directory.empty()) {
    if (directory.size() < kZipListing || !is_record(directory, 0, ZipRecord::listing))
      return damaged();
    auto header = read_zip_listing(directory);
    const auto texts = directory.substr(kZipListing);
    const std::size_t size =
        std::size_t{header.name_size} + header.extra_size + header.comment_size;
    if (texts.size() < size) return damaged();
    if (texts.substr(0, header.name_size) == name) {
      const auto extra = texts.substr(header.name_size, header.extra_size);
      if (auto done = read_zip_extra(header, name, extra); !done) return fail(done);
      return std::optional(header);
    }
    directory.remove_prefix(kZipListing + size);
  }
  return std::optional<ZipHeader>();
}

Result<ZipSpan> zip_entry_data(const ZipHeader& listing, ByteView header) {
  if (header.size() != kZipEntry || !is_record(header, 0, ZipRecord::entry)) return damaged();
  const auto entry = read_zip_entry(header);
  return ZipSpan{listing.offset + kZipEntry + entry.name_size + entry.extra_size, listing.packed};
}

Result<Bytes> unpack_zip_entry(const ZipHeader& listing, ByteView packed, std::uint64_t max) {
  if (listing.unpacked > max) return fail(Code::too_large, "The file is too large.");
  if (packed.size() != listing.packed) return damaged();
  if (listing.method == kStored) return Bytes(packed);
  Collected out(max);
  RawInflater inflater;
  if (listing.method != kDeflated) return damaged();
  if (const auto taken = inflater.feed(packed, out); !taken) return damaged();
  return inflater.ended() ? Result<Bytes>(std::move(out.bytes)) : damaged();
}

}  // namespace kontor
