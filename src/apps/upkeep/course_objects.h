#pragma once
// The courses of a data directory as a Progy registry keeps them: tables, and the objects of a
// bucket under their keys (rows STO-08, PRG-06). What import-courses reads.
#include "base/error.h"

#include <cstdint>
#include <string>

namespace kontor::upkeep {

struct CourseObjects {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t missing = 0;  // versions whose bytes were removed
};

// Writes into `folder`, which is made and must be new or empty:
//
//   registry.sql                          the tables of formats/progy/registry_sql.h with their
//   rows objects.json                          content type, owner, version, size and SHA-256 of
//   each object packages/@user/slug/v1.0.0.progy      the objects
//
// Reads one state of the store, also beside a running server. not_found where there is no data
// directory, bad_request where the folder cannot be written. Not synced to disk.
Result<CourseObjects> write_course_objects(const std::string& data_dir, const std::string& folder);

}  // namespace kontor::upkeep
