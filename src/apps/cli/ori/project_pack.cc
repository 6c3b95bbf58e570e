// What is found in folders is sorted by the map that holds it, so that one tree gives one archive.
#include "apps/cli/ori/project_pack.h"

#include "adapters/filesystem/files.h"
#include "apps/cli/ori/manifest_edit.h"
#include "apps/cli/ori/project_files.h"

#include <algorithm>
#include <filesystem>

namespace kontor::cli::ori {
namespace {

constexpr std::size_t kMaxFile = 100u << 20, kMaxAll = 100u << 20, kMaxFiles = 10'000;

// Whether `pattern` stands for the whole of `path`.
bool fits(std::string_view pattern, std::string_view path) {
  while (!pattern.empty() && pattern.front() != '*') {
    if (path.empty() || path.front() != pattern.front()) return false;
    pattern.remove_prefix(1);
    path.remove_prefix(1);
  }
  if (pattern.empty()) return path.empty();
  const bool deep = pattern.starts_with("**");
  pattern.remove_prefix(deep ? 2 : 1);
  if (deep && pattern.starts_with('/') && fits(pattern.substr(1), path)) return true;
  for (std::size_t taken = 0; taken <= path.size(); ++taken) {
    if (fits(pattern, path.substr(taken))) return true;
    if (taken < path.size() && path[taken] == '/' && !deep) return false;
  }
  return false;
}

class Collector {
 public:
  explicit Collector(const Project& project)
      : project_(project), include_(patterns("include")), exclude_(patterns("exclude")) {}

  Result<Files> run() {
    auto manifest = without_scripts(project_.text);
    if (!manifest) return fail(manifest);
    files_[kManifestName] = *std::move(manifest);
    auto lock = read_project_file(project_.path(kLockName), 1u << 20);
    if (!lock && lock.error().code != Code::not_found) return fail(lock);
    if (lock) files_[kLockName] = *std::move(lock);
    if (auto walked = walk(); !walked) return fail(walked);
    return std::move(files_);
  }

 private:
  std::vector<std::string> patterns(const char* key) const {
    std::vector<std::string> out;
    const auto table = project_.tree.find("publish");
    if (table == project_.tree.end() || !table->is_object()) return out;
    const auto list = table->find(key);
    if (list == table->end() || !list->is_array()) return out;
    for (const auto& text : *list)
      if (text.is_string()) out.push_back(text.get<std::string>());
    return out;
  }

  static bool any(const std::vector<std::string>& patterns, std::string_view path) {
    return std::ranges::any_of(patterns, [&](const auto& p) { return matches(p, path); });
  }

  bool wanted(std::string_view path) const {
    if (path == kManifestName || path == kLockName || path == "CHECKSUM") return false;
    const bool named = path.starts_with("src/") || any(include_, path);
    return named && !any(exclude_, path);
  }

  // Hidden folders of tools are passed over: nobody means them by "**".
  Result<void> walk() {
    namespace stdfs = std::filesystem;
    const std::string root = project_.folder.empty() ? "." : project_.folder;
    std::error_code error;
    for (stdfs::recursive_directory_iterator at(root, error), end; !error && at != end;
         at.increment(error)) {
      const auto path = at->path().string().substr(root.size() + 1);
      const bool folder = at->is_directory() && !at->is_symlink();
      if (folder && (path == ".git" || path == ".ori")) at.disable_recursion_pending();
      if (folder || !wanted(path)) continue;
      if (auto added = add(path, at->is_regular_file() && !at->is_symlink()); !added) return added;
    }
    if (error) return fs::fail_errno(error.value(), root);
    return {};
  }

  Result<void> add(const std::string& path, bool regular) {
    if (!regular)
      return fail(Code::bad_request, path +
                                         " is no regular file; links and the like cannot be "
                                         "published. Leave it out by [publish] exclude.");
    auto bytes = read_project_file(project_.path(path), kMaxFile);
    if (!bytes) return fail(bytes);
    size_ += bytes->size();
    if (size_ > kMaxAll || files_.size() >= kMaxFiles)
      return fail(Code::too_large, "The package has more than 10,000 files or 100 MiB; " + path +
                                       " is the first that is too much.");
    files_[path] = *std::move(bytes);
    return {};
  }

  const Project& project_;
  std::vector<std::string> include_, exclude_;
  Files files_;
  std::size_t size_ = 0;
};

}  // namespace

bool matches(std::string_view pattern, std::string_view path) {
  while (pattern.starts_with("./")) pattern.remove_prefix(2);
  while (pattern.ends_with('/')) pattern.remove_suffix(1);
  if (pattern.empty() || pattern.size() > 1024) return false;
  for (auto end = path.size(); end != path.npos && end > 0; end = path.rfind('/', end - 1))
    if (fits(pattern, path.substr(0, end))) return true;
  return false;
}

Result<Files> files_to_publish(const Project& project) {
  return Collector(project).run();
}

}  // namespace kontor::cli::ori
