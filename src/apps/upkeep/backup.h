#pragma once
// Backups of a data directory, also of one that a server uses: a folder a backup, named by its
// time. Row STO-12.
//
//   <folder>/20261121T120000Z/
//     backup.json          what it is and how much, with the digests of the two files below
//     kontor.db            the database at one moment
//     blobs.txt            a line "<sha256> <size>" for each blob that a version in it names, with
//                          " ori" behind it where it lay at the place of Ori's archives
//     blobs/sha256/        these blobs, and perhaps some that no version names any more
//     log/, keys/          the transparency logs, and on request the keys (log_backup.h)
//     files.txt            a line "<sha256> <path>" for each file in these two
//
// Blobs are linked, not copied, where the folder is on the same file system, or where an earlier
// backup in it has them; they cost space once. Without the keys a backup holds nothing that signs
// in your name.
#include "base/digest.h"
#include "base/error.h"
#include "base/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor::upkeep {

struct BackupInfo {
  std::string path;
  Timestamp created;
  std::string kontor;  // the version that made it
  std::uint64_t packages = 0;
  std::uint64_t versions = 0;
  std::uint64_t blobs = 0;
  std::uint64_t blob_bytes = 0;
  std::uint64_t missing = 0;  // blobs that the store had lost already
  Sha256 database;            // of kontor.db
  Sha256 blob_list;           // of blobs.txt
  Sha256 file_list;           // of files.txt; zeros in backups of versions that had none
  bool keys = false;          // whether keys/ is in it
};

// Every file is on disk and the folder has its final name when this succeeds; after a failure
// nothing but a folder named ".unfinished-..." is left, which the next backup removes. Only one at
// a time in one folder (`unavailable`). not_found where `data_dir` is none. A blob that an
// unpublish and a collection take away meanwhile counts as missing only if a version in the copy
// names it.
enum class Keys { left_out, included };
Result<BackupInfo> create_backup(const std::string& data_dir, const std::string& folder,
                                 Timestamp now, const std::string& kontor,
                                 Keys keys = Keys::left_out);

// The finished ones, oldest first.
Result<std::vector<BackupInfo>> list_backups(const std::string& folder);

// Removes the finished ones made before that time, but never the newest; yields how many. Bytes
// that others share stay.
Result<std::uint64_t> prune_backups(const std::string& folder, Timestamp before);

// not_found where there is no backup; storage_failed, with a sentence, where backup.json, the
// database or the list of blobs is not what was written. The blobs are not looked at.
Result<BackupInfo> open_backup(const std::string& path);

// Makes `data_dir` from a backup, reading and hashing every file on the way; refuses one that holds
// anything (`conflict`). It appears whole and on disk at the end, or not at all.
Result<BackupInfo> restore_backup(const std::string& path, const std::string& data_dir);

}  // namespace kontor::upkeep
