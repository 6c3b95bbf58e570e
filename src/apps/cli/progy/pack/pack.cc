// What is refused here would be refused by the registry, only later.
#include "apps/cli/progy/pack/pack.h"

#include "adapters/filesystem/whole_file.h"
#include "adapters/zip/zip_writer.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/progy/artifact.h"
#include "domain/semver_range.h"
#include "formats/progy/names.h"

#include <algorithm>
#include <cstdio>
#include <sys/stat.h>

namespace kontor::cli::progy {
namespace {

namespace format = kontor::progy;

// "Rust Basics!" as "rust-basics".
std::string slug_of(std::string_view title) {
  std::string slug;
  for (const char c : title) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (upper || plain)
      slug += upper ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  slug.resize(std::min<std::size_t>(slug.size(), 63));
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

// Courses from before the registry have a title where the name belongs now.
std::string name_hint(const Desk& desk, std::string_view text, const format::CourseFaults& faults) {
  const auto is_name = [](const format::CourseFault& fault) { return fault.path == "$.name"; };
  if (desk.settings().user.empty() || std::ranges::none_of(faults, is_name)) return "";
  const auto document = parse_json(text);
  const auto title = document && document->is_object() ? text_of(*document, "name") : "";
  const auto slug = slug_of(title);
  if (slug.empty() || title.starts_with('@')) return "";
  return "\nYou could write: \"name\": \"@" + desk.settings().user + "/" + slug +
         "\", \"title\": " + Json(title).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Outcome<format::Course> read_course_file(const Desk& desk, const std::string& folder) {
  const auto path = (folder == "." ? "" : folder + "/") + "course.json";
  const auto text = fs::read_file(path, format::kMaxCourseBytes);
  if (!text && text.error().code == Code::not_found)
    return fail(Code::bad_request, "There is no course.json in " + folder + ".");
  if (!text) return fail(text.error().code, path + " cannot be read, or is too large.");
  auto course = format::read_course(*text);
  if (course) return *std::move(course);
  auto failure = course_failure(path, course.error());
  failure.message += name_hint(desk, *text, course.error());
  return std::unexpected(std::move(failure));
}

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

std::string CourseFolder::artifact() const {
  const auto id = text_of(course.document, "id");
  const auto name = (format::is_slug(id) ? id : course.name.base) + ".progy";
  return folder == "." ? name : folder + "/" + name;
}

Outcome<CourseFolder> open_course_folder(Desk& desk, const std::string& folder) {
  CourseFolder out;
  out.folder = folder;
  auto course = read_course_file(desk, folder);
  if (!course) return std::unexpected(std::move(course.error()));
  out.course = *std::move(course);
  if (!is_folder(folder + "/content"))
    return fail(Code::bad_request,
                "A course has its lessons in content/; " + folder + " has no such folder.");
  const auto& range = out.course.progy_range;
  if (!range.empty() && !satisfies(kProgyVersion, range))
    return fail(Code::bad_request, "course.json: $.engines.progy asks for " + range +
                                       ", but this is progy " + kProgyVersion + ".");
  std::optional<std::vector<std::string>> patterns;
  if (!out.course.files.empty()) patterns = out.course.files;
  auto files = find_course_files(folder, patterns);
  if (!files) return fail(files);
  out.files = *std::move(files);
  const auto in_content = [](const CourseFile& file) { return file.path.starts_with("content/"); };
  if (std::ranges::none_of(out.files.files, in_content))
    return fail(Code::bad_request,
                "No file of content/ would be packed; look at \"files\" and .gitignore.");
  return out;
}

Outcome<Packed> pack_course(Desk& desk, const CourseFolder& folder, const std::string& path) {
  const auto written = path + ".part.progy";  // never packed itself
  auto writer = zip::ZipWriter::create(written);
  if (!writer) return fail(writer);
  for (const auto& file : folder.files.files) {
    auto added = writer->add(file.path, folder.folder + "/" + file.path, file.executable);
    if (!added) return fail(added);
  }
  {
    auto bar = desk.progress("Packing");
    const auto total = folder.files.bytes;
    auto done = writer->finish([&](double part) {
      bar->update(static_cast<std::uint64_t>(part * static_cast<double>(total)), total);
    });
    if (!done) return fail(done);
  }
  struct stat status{};
  auto checked = read_artifact(written);
  auto checksum = hash_file(written);
  const bool sized = ::stat(written.c_str(), &status) == 0;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  std::optional<Failure> refused;
  if (!checked) refused = checked.error();
  if (!checksum) refused = checksum.error();
  if (sized && size > kMostArtifactBytes)
    refused = Error{Code::too_large,
                    "The artifact would have " + human_bytes(size) +
                        "; a registry takes 104.9 MB. "
                        "Exclude files by .gitignore or by \"files\".",
                    {}};
  if (!refused && std::rename(written.c_str(), path.c_str()) != 0)
    refused = Error{Code::bad_request, path + " cannot be written.", {}};
  if (!refused) return Packed{path, size, *checksum};
  fs::remove_quietly(written);
  return std::unexpected(*std::move(refused));
}

}  // namespace kontor::cli::progy
