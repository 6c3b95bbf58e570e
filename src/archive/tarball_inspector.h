#pragma once
// Reads a .tgz while it streams: every rule of archive_rules.h and every limit is applied, the
// totals are counted, and the few small files that the caller asked for are kept. Pure: no I/O.
#include "base/bytes.h"
#include "base/error.h"
#include "domain/archive_limits.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

// A file to keep, by its path below the archive's single root folder.
struct WantedFile {
  enum class Match : std::uint8_t {
    exact,  // this path
    stem,   // name or name.<anything> directly below the root, in any ASCII case
  };
  enum class Oversize : std::uint8_t { refuse, cut };

  std::string name;
  std::uint64_t max_bytes = 0;  // 0 with `cut` tells only that the file is there
  Match match = Match::exact;
  Oversize oversize = Oversize::refuse;
};

struct CapturedFile {
  std::string path;        // below the root folder, as the archive spells it
  std::uint64_t size = 0;  // of the file; bytes.size() is less where it was cut
  Bytes bytes;
};

struct TarballReport {
  std::string root;  // the one top folder ("package" by custom); empty in an archive of no entries
  std::uint64_t packed_size = 0;
  std::uint64_t unpacked_size = 0;  // sum of the file sizes
  std::uint64_t file_count = 0;
  // One for each wanted file in the order asked. Of several matches the first in the archive.
  std::vector<std::optional<CapturedFile>> wanted;
};

// Memory: about 200 KiB, what is captured, and 8 to 16 bytes for each entry.
// After an error the inspector may only be destroyed.
class TarballInspector {
 public:
  TarballInspector(const ArchiveLimits& limits, std::vector<WantedFile> wanted);
  TarballInspector(TarballInspector&&) noexcept;
  TarballInspector& operator=(TarballInspector&&) noexcept;
  ~TarballInspector();

  // The next compressed bytes, in pieces of any size. Fails with invalid_archive (detail names the
  // file and the rule) or too_large (names the limit).
  Result<void> feed(ByteView packed);

  // Once, after the last piece: fails where the archive is cut short.
  Result<TarballReport> finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kontor
