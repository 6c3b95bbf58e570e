// Files are compared by their hashes; only what both sides changed is given to git merge-file.
#include "apps/cli/progy/student/merge.h"

#include "apps/cli/progy/artifact.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <sys/stat.h>

namespace kontor::cli::progy {
namespace {

namespace paths = std::filesystem;

constexpr int kNoText = 255;  // of git merge-file: it cannot merge such files

// What lies at a path: nothing, a file of that hash, or something else.
struct Side {
  bool present = false;
  std::string mark;  // hash and whether it may be run; "other" for what is no file

  bool operator==(const Side&) const = default;
};

Side side_at(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISREG(status.st_mode)) return {true, "other"};
  const auto hash = hash_file(path);
  const char* run = status.st_mode & S_IXUSR ? "x" : "-";
  return {true, hash ? run + hash->hex() : "unreadable"};
}

Outcome<void> add_paths(const std::string& folder, std::set<std::string>& all) {
  std::error_code error;
  for (const auto& entry : paths::recursive_directory_iterator(folder, error))
    if (entry.is_regular_file(error))
      all.insert(entry.path().lexically_relative(folder).generic_string());
  if (error) return fail(Code::bad_request, folder + ": " + error.message() + ".");
  return {};
}

class Merger {
 public:
  Merger(const MergeSides& sides, const Git& git, FolderChange& change)
      : sides_(sides), git_(git), change_(change) {}

  Outcome<void> look_at(const std::string& path) {
    const auto base = side_at(sides_.base + "/" + path);
    const auto theirs = side_at(sides_.theirs + "/" + path);
    const auto mine = side_at(sides_.folder + "/" + path);
    if (theirs == base || theirs == mine) return {};
    if (mine == base) return take(path, base, theirs);
    if (!theirs.present) return keep(path, "removed in " + sides_.version + ", changed by you");
    if (!mine.present) return keep(path, "changed in " + sides_.version + ", removed by you");
    if (!base.present || mine.mark == "other")
      return keep_beside(path, "your own; the course's is in ");
    return merge(path);
  }

  std::vector<MergedFile> take_files() { return std::move(files_); }

 private:
  Outcome<void> take(const std::string& path, const Side& base, const Side& theirs) {
    if (!theirs.present) {
      change_.remove(path);
      return note(path, MergeKind::removed);
    }
    if (auto moved = stage(sides_.theirs + "/" + path, path); !moved) return moved;
    change_.replace(path);
    return note(path, base.present ? MergeKind::replaced : MergeKind::added);
  }

  Outcome<void> merge(const std::string& path) {
    const auto target = change_.stage(path);
    if (!target) return std::unexpected(target.error());
    std::error_code error;
    paths::copy_file(sides_.folder + "/" + path, *target, error);
    if (error) return fail(Code::bad_request, path + ": " + error.message() + ".");
    const auto merged =
        git_.run({"merge-file", "-L", "yours", "-L", sides_.base_label, "-L", sides_.theirs_label,
                  paths::absolute(*target), paths::absolute(sides_.base + "/" + path),
                  paths::absolute(sides_.theirs + "/" + path)});
    if (!merged) return std::unexpected(Failure(merged.error()));
    if (merged->status >= 128) {
      paths::remove(*target, error);
      if (merged->status == kNoText) return keep_beside(path, "no text; the new one is in ");
      return fail(Code::bad_request, "git merge-file failed for " + path + ": " + merged->output);
    }
    change_.replace(path);
    if (merged->status == 0) return note(path, MergeKind::merged);
    const auto count = std::to_string(merged->status);
    return note(path, MergeKind::conflict,
                count + (merged->status == 1 ? " place" : " places") + " marked in the file");
  }

  Outcome<void> keep(const std::string& path, const std::string& why) {
    return note(path, MergeKind::kept, why);
  }

  // The new one goes where nothing is.
  Outcome<void> keep_beside(const std::string& path, const std::string& why) {
    auto beside = path + ".progy-" + sides_.version;
    for (int more = 2; side_at(sides_.folder + "/" + beside).present; ++more)
      beside = path + ".progy-" + sides_.version + "." + std::to_string(more);
    if (auto moved = stage(sides_.theirs + "/" + path, beside); !moved) return moved;
    change_.replace(beside);
    return note(path, MergeKind::kept, why + beside);
  }

  Outcome<void> stage(const std::string& from, const std::string& path) {
    const auto target = change_.stage(path);
    if (!target) return std::unexpected(target.error());
    if (std::rename(from.c_str(), target->c_str()) == 0) return {};
    return fail(Code::bad_request, *target + ": " + std::strerror(errno) + ".");
  }

  Outcome<void> note(const std::string& path, MergeKind kind, std::string text = {}) {
    files_.push_back({path, kind, std::move(text)});
    return {};
  }

  const MergeSides& sides_;
  const Git& git_;
  FolderChange& change_;
  std::vector<MergedFile> files_;
};

}  // namespace

std::string_view to_text(MergeKind kind) {
  switch (kind) {
    case MergeKind::added:
      return "added";
    case MergeKind::replaced:
      return "replaced";
    case MergeKind::removed:
      return "removed";
    case MergeKind::merged:
      return "merged";
    case MergeKind::conflict:
      return "conflict";
    case MergeKind::kept:
      return "kept";
  }
  return "";
}

Outcome<std::vector<MergedFile>> merge_course(const MergeSides& sides, const Git& git,
                                              FolderChange& change) {
  std::set<std::string> all;
  for (const auto& folder : {sides.base, sides.theirs})
    if (auto added = add_paths(folder, all); !added) return std::unexpected(added.error());
  Merger merger(sides, git, change);
  for (const auto& path : all)
    if (auto looked = merger.look_at(path); !looked) return std::unexpected(looked.error());
  return merger.take_files();
}

}  // namespace kontor::cli::progy
