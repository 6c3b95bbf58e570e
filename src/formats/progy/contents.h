#pragma once
// What an artifact must hold, judged on the report of its inspection. Rows PRG-02, PRG-03.
#include "domain/archive_report.h"
#include "formats/progy/course.h"

namespace kontor::progy {

inline constexpr std::uint64_t kMaxArtifactBytes = 100ull << 20;

// Limits of the row, and the files to keep for read_contents().
ArchiveRequest artifact_request();

// The course inside: course.json at the root, with everything right about it. invalid_archive
// otherwise, with all of its faults.
Result<Course> read_contents(const ArchiveReport& report);
// Of README.md (in any case) at the root; empty where there is none.
std::string readme_of(const ArchiveReport& report);

// manifest_mismatch where course.json is of another course or version.
Result<void> check_agrees(const Course& course, const PackageName& name,
                          const std::string& version);

}  // namespace kontor::progy
