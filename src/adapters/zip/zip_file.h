#pragma once
// Reading ZIP archives that strangers made, under limits: names are never used as paths, sizes are
// those that come out, not those that are stated. Over libzip.
#include "base/bytes.h"
#include "base/error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

struct zip;

namespace kontor::zip {

struct ZipLimits {
  std::uint64_t max_entries = 2'000'000;
  std::uint64_t max_entry_bytes = 4u << 20;     // unpacked
  std::uint64_t max_total_bytes = 16ull << 30;  // unpacked, of all that were read
};

struct ZipEntry {
  std::string name;  // as stored; not fit for a file system
  bool is_folder = false;
};

class ZipFile {
 public:
  // not_found where the file cannot be read, invalid_archive where it is no ZIP archive, too_large
  // with too many entries.
  static Result<ZipFile> open(const std::string& path, const ZipLimits& limits = {});
  // The same of bytes, which must live as long.
  static Result<ZipFile> open_bytes(ByteView bytes, const ZipLimits& limits = {});
  ZipFile(ZipFile&&) noexcept;
  ZipFile& operator=(ZipFile&&) noexcept;
  ~ZipFile();

  std::uint64_t size() const { return size_; }
  // invalid_archive where its directory entry is broken. `index` < size().
  Result<ZipEntry> entry(std::uint64_t index) const;
  // Unpacked and checked by its CRC. invalid_archive where it is broken, encrypted or packed by
  // another method than store and deflate; too_large over a limit.
  Result<Bytes> read(std::uint64_t index);

 private:
  struct Close {
    void operator()(::zip* archive) const;
  };
  using Handle = std::unique_ptr<::zip, Close>;
  ZipFile(Handle archive, const ZipLimits& limits);
  static Result<ZipFile> checked(Handle archive, const ZipLimits& limits);

  Handle archive_;
  ZipLimits limits_;
  std::uint64_t size_ = 0;
  std::uint64_t read_ = 0;  // bytes, of all entries
};

}  // namespace kontor::zip
