#pragma once
// What an uploaded archive may cost before it is refused. A value: configuration makes it, the
// readers in archive/ judge by it while the bytes stream.
#include <cstdint>

namespace kontor {

struct ArchiveLimits {
  std::uint64_t packed_bytes = 200ull << 20;  // the compressed stream
  std::uint64_t unpacked_bytes = 1ull << 30;  // the tar stream: contents, headers and padding
  std::uint64_t file_bytes = 512ull << 20;    // one file inside
  std::uint32_t entries = 100'000;            // headers of any kind; also files and folders together
  std::uint32_t files = 100'000;              // regular files alone
  // Longest path in bytes. The longest that every common system can create is 1024 (macOS), and
  // installing puts a folder in front of it, so more could not be unpacked anyway.
  std::uint32_t path_bytes = 1024;
  std::uint32_t path_depth = 64;  // names in a path, the root folder and the file included
  // Unpacked bytes for each packed byte. Source text packs 3 to 20 times and deflate cannot exceed
  // 1032; small archives of repeated data are harmless, so below the floor nothing is judged.
  std::uint32_t ratio = 100;
  std::uint64_t ratio_floor = 64ull << 20;  // unpacked bytes
};

}  // namespace kontor
