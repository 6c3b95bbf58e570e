#pragma once
// Which files of a course's folder belong into its artifact. Rows PGC-01, PGC-02.
#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor::cli::progy {

struct CourseFile {
  std::string path;  // below the course's folder, with slashes
  std::uint64_t size = 0;
  bool executable = false;
};

struct CourseFiles {
  std::vector<CourseFile> files;  // sorted by path, bytewise
  std::uint64_t bytes = 0;
  std::int64_t changed_ns = 0;  // when the youngest of them changed, since 1970
};

inline constexpr std::size_t kMostCourseFiles = 50'000;  // row PRG-02

// Everything but what .gitignore files exclude: those of the folder and below, and above it up to
// the root of a git work tree. Where course.json has `files`, these decide instead: a pattern takes
// a file, or all below a folder; one that begins with ! takes back; the last that matches counts.
// course.json is always taken; .git, .progy, node_modules, target, dist, .next, .DS_Store and
// *.progy never. invalid_archive names all symbolic links and special files that were found.
Result<CourseFiles> find_course_files(const std::string& folder,
                                      const std::optional<std::vector<std::string>>& patterns);

}  // namespace kontor::cli::progy
