#pragma once
// course.json, the manifest of a course. Row PGC-01, source section 11. Pure; server and command
// line judge alike by it.
#include "base/json.h"
#include "domain/package_name.h"

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace kontor::progy {

inline constexpr std::string_view kCourseFile = "course.json";
inline constexpr std::uint64_t kMaxCourseBytes = 1u << 20;

// One thing that is wrong: where, as a JSON path ("$.author.email", "$.files[2]"), and a phrase
// that says what must be there.
struct CourseFault {
  std::string path;
  std::string text;
  bool operator==(const CourseFault&) const = default;
};
using CourseFaults = std::vector<CourseFault>;  // in the order of the schema

struct Course {
  PackageName name;
  std::string version;
  std::string title;  // for display; empty where it has none
  std::string description;
  std::vector<std::string> keywords;
  std::string author;  // a name
  std::string license;
  bool is_private = false;
  std::string progy_range;         // engines.progy; empty: any
  std::vector<std::string> files;  // globs; empty: everything but what .gitignore leaves out
  Json document;                   // all of it, keys that are not known here untouched
};

// The course, or everything that is wrong with it at once (never an empty list). Text that is no
// JSON object, or over the limit, is one fault at "$".
std::expected<Course, CourseFaults> read_course(ByteView text);

// "$.name must be ...; $.version must be ..." in one line.
std::string to_text(const CourseFaults& faults);

// The JSON Schema (draft 2020-12) of what read_course() takes, but for the grammar of ranges. Its
// $id is the address of kSchemaPath below `base`, the URL of the registry that serves it.
std::string course_schema(std::string_view base = "https://progy.dev");
inline constexpr std::string_view kSchemaPath = "/schema/course.json";

}  // namespace kontor::progy
