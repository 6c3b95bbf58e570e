#pragma once
// Which entries an archive may have, so that it unpacks to the same files everywhere and to none
// outside its own folder.
#include "archive/archive_entry.h"
#include "archive/name_set.h"
#include "base/bytes.h"
#include "base/error.h"
#include "domain/archive_limits.h"

#include <optional>
#include <string_view>

namespace kontor {

// The rule that `path` breaks, worded to follow its name, or nothing. One slash at the end is
// allowed where `kind` is a directory. Rules: relative; no empty, "." or ".." names; valid UTF-8
// without NUL, control characters, bidirectional overrides or backslashes; no name that starts with
// a drive letter or is a Windows device (with or without extension); length and depth in limits.
std::optional<std::string_view> broken_path_rule(ByteView path, ArchiveEntry::Kind kind,
                                                 const ArchiveLimits& limits);

// Judges the entries of one archive in order. Only files and directories are admitted. No file
// twice; fold_name decides what is the same. A name is not both a file and a folder; a directory
// may be stated again. Files and folders (stated or implied) together stay within limits.entries,
// which also bounds the memory: 8 bytes each.
class ArchiveRules {
 public:
  explicit ArchiveRules(const ArchiveLimits& limits);

  Result<void> admit(const ArchiveEntry& entry);

 private:
  Result<void> admit_folder(ByteView folded, ByteView path);
  Result<void> add(std::uint64_t mark);

  ArchiveLimits limits_;
  NameSet names_;
};

}  // namespace kontor
