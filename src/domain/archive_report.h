#pragma once
// What is asked of the inspection of an archive, and what it tells, as values: they cross the border
// to the process that inspects.
#include "base/bytes.h"
#include "base/digest.h"
#include "domain/archive_limits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor {

enum class ArchiveForm : std::uint8_t { tar_gz, zip };

// Where an archive's files may lie.
enum class ArchiveRoot : std::uint8_t {
  one_folder,  // all below one top folder, which paths then leave out
  anywhere,
};

// A small file to keep.
struct WantedFile {
  enum class Match : std::uint8_t {
    exact,      // this path
    stem,       // name or name.<anything> at the root, in any ASCII case
    below_any,  // this path below any top folder
  };
  enum class Oversize : std::uint8_t { refuse, cut };

  std::string name;
  std::uint64_t max_bytes = 0;  // 0 with `cut` tells only that the file is there
  Match match = Match::exact;
  Oversize oversize = Oversize::refuse;
};

struct ArchiveRequest {
  ArchiveLimits limits;
  std::vector<WantedFile> wanted;
  ArchiveRoot root = ArchiveRoot::one_folder;
  bool list_files = false;  // with the digest of each
  ArchiveForm form = ArchiveForm::tar_gz;
  bool find_programs = false;
};

struct CapturedFile {
  std::string path;        // below the root, as the archive spells it
  std::uint64_t size = 0;  // of the file; bytes.size() is less where it was cut
  Bytes bytes;
};

struct ArchiveFile {
  std::string path;
  std::uint64_t size = 0;
  Sha256 sha256;
};

// A file that a machine would run as it is.
struct FoundProgram {
  std::string path;
  std::string kind;  // "ELF", "PE" or "Mach-O"
  bool operator==(const FoundProgram&) const = default;
};
inline constexpr std::size_t kMaxFoundPrograms = 100;  // more are not told

struct ArchiveReport {
  std::string root;  // the one top folder ("package" by custom); empty where none is asked for
  std::uint64_t packed_size = 0;
  std::uint64_t unpacked_size = 0;  // sum of the file sizes
  std::uint64_t file_count = 0;
  // One for each wanted file in the order asked. Of several matches the first in the archive.
  std::vector<std::optional<CapturedFile>> wanted;
  std::vector<ArchiveFile> files;  // in the archive's order, where they are asked for
  std::vector<FoundProgram> programs;  // the same
};

}  // namespace kontor
