// A walk from the top, so that what lies below an excluded folder is never looked at.
#include "apps/cli/progy/pack/course_files.h"

#include "adapters/filesystem/files.h"
#include "adapters/filesystem/whole_file.h"
#include "apps/cli/progy/pack/ignore_rules.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>

namespace kontor::cli::progy {
namespace {

constexpr std::size_t kMostIgnoreBytes = 4u << 20;
constexpr std::size_t kMostDepth = 64;
constexpr std::array<std::string_view, 7> kNever = {".git", ".progy", "node_modules", "target",
                                                    "dist", ".next",  ".DS_Store"};

bool is_never_taken(std::string_view name) {
  return std::ranges::find(kNever, name) != kNever.end() || name.ends_with(".progy");
}

IgnoreFile read_ignore_file(const std::string& folder) {
  const auto text = fs::read_file(folder + "/.gitignore", kMostIgnoreBytes);
  return IgnoreFile(text ? *text : "");
}

class Patterns {
 public:
  explicit Patterns(const std::vector<std::string>& patterns) {
    for (std::string_view text : patterns) {
      const bool take = !text.starts_with('!');
      if (!take) text.remove_prefix(1);
      if (text.starts_with("./")) text.remove_prefix(2);
      while (text.starts_with('/')) text.remove_prefix(1);
      while (text.ends_with('/')) text.remove_suffix(1);
      patterns_.push_back({take, Glob(text, Glob::Slashes::significant)});
    }
  }

  bool take(std::string_view path) const {
    bool taken = false;
    for (const auto& pattern : patterns_)
      if (pattern.take != taken && covers(pattern.glob, path)) taken = pattern.take;
    return taken;
  }

 private:
  struct Pattern {
    bool take;
    Glob glob;
  };
  // The path itself or a folder above it.
  static bool covers(const Glob& glob, std::string_view path) {
    for (auto end = path.find('/'); end != path.npos; end = path.find('/', end + 1))
      if (glob.matches(path.substr(0, end))) return true;
    return glob.matches(path);
  }

  std::vector<Pattern> patterns_;
};

class Walk {
 public:
  Walk(std::string folder, const std::optional<std::vector<std::string>>& patterns)
      : folder_(std::move(folder)) {
    if (patterns)
      patterns_.emplace(*patterns);
    else
      enter_folders_above();
  }

  Result<CourseFiles> run() {
    if (auto done = look_into("", 0); !done) return fail(done);
    if (!refused_.empty())
      return fail(Code::invalid_archive,
                  "A course holds files and folders only; replace what these links and special "
                  "files stand for:" +
                      refused_);
    std::ranges::sort(found_.files, {}, &CourseFile::path);
    return std::move(found_);
  }

 private:
  // git looks at the files of all folders from the work tree's root on.
  void enter_folders_above() {
    std::error_code ignored;
    const auto absolute = std::filesystem::canonical(folder_, ignored);
    std::vector<std::filesystem::path> above;
    for (auto at = absolute; at.has_relative_path(); at = at.parent_path()) {
      if (at != absolute) above.push_back(at);
      if (!std::filesystem::exists(at / ".git", ignored)) continue;
      const auto relative = [&](const std::filesystem::path& folder) {
        const auto text = folder.lexically_relative(at).generic_string();
        return text == "." ? std::string() : text + "/";
      };
      prefix_ = relative(absolute);
      for (auto folder = above.rbegin(); folder != above.rend(); ++folder)
        rules_.enter(relative(*folder), read_ignore_file(folder->string()));
      return;
    }
  }

  // `path` is "" or ends with a slash.
  Result<void> look_into(const std::string& path, std::size_t depth) {
    if (depth > kMostDepth)
      return fail(Code::too_large,
                  path + ": folders lie deeper than " + std::to_string(kMostDepth) + " levels.");
    if (!patterns_) rules_.enter(prefix_ + path, read_ignore_file(folder_ + "/" + path));
    std::vector<std::string> names;
    const auto listed =
        fs::each_name(folder_ + "/" + path, [&](const char* name) { names.emplace_back(name); });
    if (!listed) return fail(Code::bad_request, folder_ + "/" + path + " cannot be read.");
    std::ranges::sort(names);
    for (const auto& name : names)
      if (auto looked = look_at(path + name, name, depth); !looked) return looked;
    if (!patterns_) rules_.leave();
    return {};
  }

  Result<void> look_at(const std::string& path, const std::string& name, std::size_t depth) {
    if (is_never_taken(name)) return {};
    struct stat status{};
    if (::lstat((folder_ + "/" + path).c_str(), &status) != 0)
      return fail(Code::bad_request, path + ": " + std::strerror(errno));
    const bool is_folder = S_ISDIR(status.st_mode);
    if (!patterns_ && path != "course.json" && rules_.ignores(prefix_ + path, is_folder)) return {};
    if (is_folder) return look_into(path + "/", depth + 1);
    if (patterns_ && path != "course.json" && !patterns_->take(path)) return {};
    if (!S_ISREG(status.st_mode)) {
      refused_ += "\n  " + path;
      return {};
    }
    if (found_.files.size() == kMostCourseFiles)
      return fail(Code::too_large, "The course has more than " + std::to_string(kMostCourseFiles) +
                                       " files; exclude some by .gitignore or by \"files\".");
    found_.files.push_back(
        {path, static_cast<std::uint64_t>(status.st_size), (status.st_mode & S_IXUSR) != 0});
    found_.bytes += static_cast<std::uint64_t>(status.st_size);
    const auto& time = status.st_mtim;
    found_.changed_ns = std::max<std::int64_t>(
        found_.changed_ns, time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec);
    return {};
  }

  std::string folder_;
  std::string prefix_;  // from the work tree's root, "" or with a slash at the end
  IgnoreRules rules_;
  std::optional<Patterns> patterns_;
  CourseFiles found_;
  std::string refused_;
};

}  // namespace

Result<CourseFiles> find_course_files(const std::string& folder,
                                      const std::optional<std::vector<std::string>>& patterns) {
  return Walk(folder, patterns).run();
}

}  // namespace kontor::cli::progy
