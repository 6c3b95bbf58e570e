#pragma once
// The transparency logs in a backup, and the keys where they are wanted.
//
//   log/<log>/checkpoint, tile/...    the published logs but for tiles that are not full: the
//   server
//                                     makes these again from the rows, and compares the others
//   keys/                             all files of the data directory's keys/
//   files.txt                         a line "<sha256> <path>" for each of these files
//
// Checkpoints and keys are copied before the database: what they say was signed is then within the
// rows of the copy, without which no server goes on with it.
#include "base/digest.h"
#include "base/error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor::upkeep {

class LogBackup {
 public:
  LogBackup(std::string data_dir, std::string backup)
      : data_dir_(std::move(data_dir)), backup_(std::move(backup)) {}

  // Before the database is copied.
  Result<void> take_heads(bool with_keys);
  // Afterwards; writes files.txt too.
  Result<void> take_tiles();

 private:
  Result<void> take_file(const std::string& path);
  Result<void> take_tiles_of(const std::string& log, std::uint64_t size);

  struct Published {
    std::string log;
    std::uint64_t size = 0;
  };
  std::string data_dir_, backup_;
  std::vector<Published> published_;
  std::string lines_;  // of files.txt
};

// Puts the files of a backup below `place`, each with the bytes that were backed up: else
// storage_failed with its path. They are on disk once the caller has synced the file system.
Result<void> restore_files(const std::string& backup, const std::string& place);

}  // namespace kontor::upkeep
