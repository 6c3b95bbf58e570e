// The inspection has applied every rule about the archive itself.
#include "formats/progy/contents.h"

#include "archive/refusal.h"

namespace kontor::progy {
namespace {

constexpr std::uint64_t kMaxReadme = 1u << 20;

enum Wanted : std::size_t { course_file, readme };  // places in ArchiveReport::wanted

std::unexpected<Error> differs(const std::string& what, const std::string& inside,
                               const std::string& stated) {
  return fail(Code::manifest_mismatch, "course.json in the artifact has the " + what + " " +
                                           inside + ", the metadata says " + stated + ".");
}

}  // namespace

ArchiveRequest artifact_request() {
  ArchiveRequest out;
  out.form = ArchiveForm::zip;
  out.limits.packed_bytes = kMaxArtifactBytes;
  out.limits.unpacked_bytes = 1ull << 30;
  out.limits.file_bytes = 1ull << 30;
  out.limits.entries = 50'000;
  out.limits.files = 50'000;
  out.limits.ratio = 200;
  out.wanted = {{std::string(kCourseFile), kMaxCourseBytes},
                {"readme", kMaxReadme, WantedFile::Match::stem, WantedFile::Oversize::cut}};
  out.root = ArchiveRoot::anywhere;
  out.find_programs = true;
  return out;
}

Result<Course> read_contents(const ArchiveReport& report) {
  const auto& file = report.wanted[course_file];
  if (!file) return refuse_archive("The artifact has no course.json at its root.");
  auto course = read_course(file->bytes);
  if (!course) return refuse_archive("course.json: " + to_text(course.error()) + ".");
  return std::move(*course);
}

std::string readme_of(const ArchiveReport& report) {
  const auto& file = report.wanted[readme];
  return file && file->bytes.size() == file->size ? file->bytes : std::string();
}

Result<void> check_agrees(const Course& course, const PackageName& name,
                          const std::string& version) {
  if (course.name != name) return differs("name", course.name.full(), name.full());
  if (course.version != version) return differs("version", course.version, version);
  return {};
}

}  // namespace kontor::progy
