#pragma once
// The records of a ZIP archive (APPNOTE 6.3.10), read from their bytes. Numbers are little-endian.
#include "base/bytes.h"
#include "base/error.h"

#include <cstddef>
#include <cstdint>

namespace kontor {

enum class ZipRecord : std::uint32_t {
  entry = 0x04034b50,        // local header, followed by the entry's bytes
  sizes = 0x08074b50,        // data descriptor: what a streamed entry turned out to be
  listing = 0x02014b50,      // an entry's place in the central directory
  big_end = 0x06064b50,      // zip64 end of the directory
  big_locator = 0x07064b50,  // and where it lies
  end = 0x06054b50,          // end of the directory
};

// Sizes in bytes, signature included, without texts.
inline constexpr std::size_t kZipSignature = 4, kZipEntry = 30, kZipListing = 46, kZipBigEnd = 56,
                             kZipBigLocator = 20, kZipEnd = 22;
inline constexpr std::uint32_t kZipBig = 0xffffffff;  // the number stands in a zip64 field

// The header of an entry before its bytes, or in the directory.
struct ZipHeader {
  std::uint16_t needed = 0;  // version to unpack it, its low byte
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;
  std::uint16_t name_size = 0;
  std::uint16_t extra_size = 0;
  std::uint16_t comment_size = 0;  // the directory's alone, as what follows
  std::uint16_t disk = 0;
  std::uint32_t mode = 0;  // of Unix; 0: not stated
  std::uint64_t offset = 0;
  bool big = false;  // has a zip64 field

  bool encrypted() const { return flags & (1u | 1u << 6 | 1u << 13); }
  bool streamed() const { return flags & 1u << 3; }  // crc and sizes follow its bytes
  bool utf8() const { return flags & 1u << 11; }
};

struct ZipEnd {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;    // of the directory
  std::uint64_t offset = 0;  // of the directory
  bool one_disk = false;
  std::uint16_t comment_size = 0;
  bool operator==(const ZipEnd&) const = default;
};

std::uint32_t zip_u32(ByteView bytes, std::size_t at);
std::uint64_t zip_u64(ByteView bytes, std::size_t at);

// Each of exactly as many bytes as named above.
ZipHeader read_zip_entry(ByteView bytes);
ZipHeader read_zip_listing(ByteView bytes);
ZipEnd read_zip_end(ByteView bytes);
ZipEnd read_zip_big_end(ByteView bytes);

// Takes the numbers of more than 32 bits from the extra fields. invalid_archive where these are
// malformed or lack a number, or state another name than `name` in Unicode, which some readers
// obey.
Result<void> read_zip_extra(ZipHeader& header, ByteView name, ByteView extra);

}  // namespace kontor
