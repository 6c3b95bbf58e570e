// The map may come from the registry: its texts are checked before git sees them.
#include "apps/cli/progy/student/legacy.h"

#include "adapters/filesystem/whole_file.h"
#include "apps/cli/progy/student/git.h"
#include "formats/progy/names.h"

#include <algorithm>
#include <filesystem>

namespace kontor::cli::progy {
namespace {

namespace paths = std::filesystem;

constexpr std::size_t kMostMapBytes = 1u << 20;

// git would take these for options, or for programs to run.
bool is_sound(const LegacyCourse& course) {
  const auto no_option = [](const std::string& text) { return !text.starts_with('-'); };
  const paths::path below(course.path);
  const bool inside =
      !below.is_absolute() && std::ranges::none_of(below, [](const paths::path& part) {
        return part == ".." || part == ".git";
      });
  return !course.repo.empty() && no_option(course.repo) && no_option(course.branch) &&
         course.repo.find("::") == std::string::npos && inside;
}

Outcome<void> copy_folder(const paths::path& from, const paths::path& to) {
  std::error_code error;
  for (const auto& entry : paths::directory_iterator(from, error)) {
    const auto name = entry.path().filename();
    if (name == ".git" || name == ".progy") continue;
    if (entry.is_symlink())
      return fail(Code::invalid_archive,
                  entry.path().filename().string() + " is a symbolic link, which no course holds.");
    if (entry.is_directory()) {
      paths::create_directory(to / name, error);
      if (auto copied = copy_folder(entry.path(), to / name); !copied) return copied;
    } else {
      paths::copy_file(entry.path(), to / name, error);
    }
    if (error) break;
  }
  if (error) return fail(Code::bad_request, to.string() + ": " + error.message() + ".");
  return {};
}

Outcome<Json> read_map(const std::string& where, const Result<std::string>& text) {
  auto map = text ? parse_json(*text) : Result<Json>(fail(Code::invalid_json));
  if (!map || !map->is_object())
    return fail(Code::bad_request, where + " is no JSON object of courses.");
  return *std::move(map);
}

Outcome<Json> find_map(Desk& desk, RegistryApi& api, const std::string& file) {
  if (!file.empty()) return read_map(file, fs::read_file(desk.path(file), kMostMapBytes));
  if (auto text = desk.variable("COURSES"); !text.empty()) return read_map("COURSES", text);
  const auto path = desk.settings().home + "/courses.json";
  const auto own = fs::read_file(path, kMostMapBytes);
  if (own || own.error().code != Code::not_found) return read_map(path, own);
  return api.call("GET", "/registry/legacy-courses");
}

}  // namespace

Outcome<std::vector<LegacyCourse>> list_legacy(Desk& desk, RegistryApi& api,
                                               const std::string& file) {
  const auto answer = find_map(desk, api, file);
  if (!answer) return std::unexpected(answer.error());
  const auto nested = answer->is_object() ? answer->find("courses") : answer->end();
  const auto& map = answer->is_object() && nested != answer->end() ? *nested : *answer;
  std::vector<LegacyCourse> all;
  if (!map.is_object()) return all;
  for (const auto& [name, entry] : map.items()) {
    if (!entry.is_object()) continue;
    LegacyCourse course{name, text_of(entry, "repo"), text_of(entry, "branch"),
                        text_of(entry, "path"), text_of(entry, "description")};
    if (kontor::progy::is_slug(name) && is_sound(course)) all.push_back(std::move(course));
  }
  return all;
}

Outcome<LegacyCourse> find_legacy(Desk& desk, RegistryApi& api, const std::string& name) {
  const auto all = list_legacy(desk, api);
  if (!all) return std::unexpected(all.error());
  const auto slug = name.substr(name.rfind('/') + 1);
  const auto found = std::ranges::find(*all, slug, &LegacyCourse::name);
  if (found == all->end()) return fail(Code::not_found, "There is no such old course.");
  return *found;
}

Outcome<void> clone_legacy(Desk& desk, const LegacyCourse& course, const std::string& scratch,
                           const std::string& content) {
  Git git(desk, "");
  // Who allows more says so to git: GIT_ALLOW_PROTOCOL=file.
  if (desk.variable("GIT_ALLOW_PROTOCOL").empty())
    git.set_variable("GIT_ALLOW_PROTOCOL", "https:http:ssh");
  std::vector<std::string> arguments = {"clone", "--quiet", "--depth", "1"};
  if (!course.branch.empty()) arguments.push_back("--branch=" + course.branch);
  arguments.insert(arguments.end(), {"--", course.repo, scratch});
  if (auto cloned = git.must(arguments); !cloned) return std::unexpected(Failure(cloned.error()));
  const auto from = paths::path(scratch) / course.path;
  std::error_code error;
  if (!paths::is_directory(paths::symlink_status(from, error)))
    return fail(Code::bad_request, course.repo + " has no folder " + course.path + ".");
  auto copied = copy_folder(from, content);
  paths::remove_all(scratch, error);
  return copied;
}

}  // namespace kontor::cli::progy
