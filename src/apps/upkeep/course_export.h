#pragma once
// What an export of a Progy registry's D1 or SQLite database tells of its courses. Row PRG-06.
#include "base/error.h"
#include "base/time.h"

#include <string>
#include <vector>

namespace kontor::upkeep {

struct ExportedVersion {
  std::string name;
  std::string version;
  std::string storage_key;  // of the artifact in its bucket
  std::string checksum;     // SHA-256 in hex; other texts tell nothing
  std::string description;  // of the course
  std::string changelog;
  bool is_public = true;
  Timestamp created;
};

struct ExportedDownload {
  std::string name;
  std::string version;
  std::string address;
  Timestamp at;
};

struct CourseExport {
  std::vector<ExportedVersion> versions;    // oldest first
  std::vector<ExportedDownload> downloads;  // the same; none where the table is not there
};

// `path` is a SQLite database, or the SQL that `wrangler d1 export` writes, which is run in memory
// and can reach no file. not_found where it cannot be read, bad_request where it holds no courses.
Result<CourseExport> read_course_export(const std::string& path);

}  // namespace kontor::upkeep
