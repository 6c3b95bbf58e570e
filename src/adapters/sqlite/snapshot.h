#pragma once
// A copy of a database file as it is at one moment, made while others write.
#include "base/digest.h"
#include "base/error.h"

#include <cstdint>
#include <functional>
#include <string>

namespace kontor::sqlite {

// Copies the database at `from` into the new file `to` and syncs it. Writers go on meanwhile; their
// log is not copied back before the copy is done. The copy is a file of its own, without a log
// beside it. storage_full where it does not fit; then a part of it may be left.
Result<void> copy_database(const std::string& from, const std::string& to);

struct SnapshotCounts {
  std::uint64_t packages = 0;
  std::uint64_t versions = 0;
};
Result<SnapshotCounts> count_rows(const std::string& path);

// Calls `take` with each blob that a version names, by rising digest, each once; a failure of it
// ends the walk and is passed on.
Result<void> each_blob(const std::string& path,
                       const std::function<Result<void>(const Sha256&, std::uint64_t size)>& take);

}  // namespace kontor::sqlite
