#pragma once
// Artifacts (.progy files) on a disk: read under the limits that the registry has too, and
// unpacked. Rows PRG-02, PGC-04.
#include "apps/cli/progy/desk.h"
#include "base/digest.h"
#include "formats/progy/course.h"

#include <cstdint>
#include <set>
#include <string>

namespace kontor::cli::progy {

inline constexpr std::uint64_t kMostArtifactBytes = 104'857'600;

// What the file holds, all of it read and checked.
struct ArtifactContents {
  kontor::progy::Course course;
  std::set<std::string> files;
};
Outcome<ArtifactContents> read_artifact(const std::string& path);

// Into `folder`, which is there and empty. Streams; no entry leads outside or into .git. Where it
// fails, parts may lie in the folder. `progress` gets the bytes of the artifact read so far.
Outcome<void> unpack_artifact(const std::string& path, const std::string& folder,
                              const std::function<void(std::uint64_t)>& progress = {});

// not_found where there is no such file.
Outcome<Sha256> hash_file(const std::string& path);

// Every fault a line: "  $.version must be ...".
Failure course_failure(const std::string& file, const kontor::progy::CourseFaults& faults);

}  // namespace kontor::cli::progy
