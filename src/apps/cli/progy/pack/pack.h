#pragma once
// From a course's folder to its artifact. Row PGC-02.
#include "apps/cli/progy/desk.h"
#include "apps/cli/progy/pack/course_files.h"
#include "base/digest.h"
#include "formats/progy/course.h"

#include <cstdint>
#include <functional>
#include <string>

namespace kontor::cli::progy {

// What engines.progy is compared with: the version of Progy whose courses this program handles.
inline constexpr const char* kProgyVersion = "0.15.0";

// A folder that may be packed: course.json is right, content/ is there, the engine fits.
struct CourseFolder {
  std::string folder;
  kontor::progy::Course course;
  CourseFiles files;

  std::string artifact() const;  // where pack and publish have it: <folder>/<slug>.progy
};
// Where course.json is wrong the failure names all its faults.
Outcome<CourseFolder> open_course_folder(Desk& desk, const std::string& folder);

struct Packed {
  std::string path;
  std::uint64_t size = 0;
  Sha256 checksum;
};
// Writes the artifact and reads it again as the registry will. `path` has it only on success.
Outcome<Packed> pack_course(Desk& desk, const CourseFolder& folder, const std::string& path);

}  // namespace kontor::cli::progy
