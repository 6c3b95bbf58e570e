#pragma once
// One file out of a ZIP archive that ZipReader has accepted, without reading the rest: its end
// tells where the directory is, the directory where the entry is. Pure: the caller reads the bytes.
#include "archive/zip_records.h"
#include "base/bytes.h"
#include "base/error.h"

#include <optional>

namespace kontor {

// How much of the archive's end always holds the records that find_zip_end() needs.
inline constexpr std::uint64_t kZipTail = kZipEnd + 0xffff + kZipBigLocator + kZipBigEnd;

// Bytes of an archive.
struct ZipSpan {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

// Where the directory lies. `tail` is the end of the archive, all of it or kZipTail bytes.
// invalid_archive where there is no end.
Result<ZipSpan> find_zip_directory(ByteView tail);

// The entry of this name; nothing where there is none.
Result<std::optional<ZipHeader>> find_zip_listing(ByteView directory, ByteView name);

// Where the bytes of a listed entry begin, by the kZipEntry bytes at its offset.
Result<ZipSpan> zip_entry_data(const ZipHeader& listing, ByteView header);

// The entry's contents from its packed bytes; too_large where they are more than `max`.
Result<Bytes> unpack_zip_entry(const ZipHeader& listing, ByteView packed, std::uint64_t max);

}  // namespace kontor
