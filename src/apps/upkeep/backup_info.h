#pragma once
// backup.json and the names inside a backup.
#include "apps/upkeep/backup.h"

namespace kontor::upkeep {

inline constexpr const char* kInfoName = "/backup.json";
inline constexpr const char* kDatabaseName = "/kontor.db";
inline constexpr const char* kListName = "/blobs.txt";
inline constexpr const char* kFilesName = "/files.txt";
inline constexpr const char* kBlobsName = "/blobs";
inline constexpr const char* kBlobFolder = "/blobs/sha256";
inline constexpr const char* kUnfinished = ".unfinished-";

std::string blob_name(const Sha256& digest);  // below a data directory or a backup

std::string name_of_backup(Timestamp created);  // 20261121T120000Z

Result<void> write_info(const BackupInfo& info, const std::string& path);
Result<BackupInfo> read_info(const std::string& backup);  // not_found where there is none

// A line of blobs.txt.
struct BlobLine {
  Sha256 digest;
  std::uint64_t size = 0;
  bool ori = false;  // it lies at the place of Ori's archives
};
std::string line_of(const BlobLine& blob);
Result<BlobLine> parse_line(const std::string& line);

}  // namespace kontor::upkeep
