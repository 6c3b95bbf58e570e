// rename(2) takes an empty folder as its target.
#include "apps/cli/progy/student/start_folder.h"

#include "apps/cli/progy/student/git.h"
#include "apps/cli/progy/student/workspace.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

namespace paths = std::filesystem;

std::unexpected<Failure> no_access(const std::string& path) {
  return std::unexpected(
      Failure(Error{Code::bad_request, path + ": " + std::strerror(errno) + ".", {}}));
}

bool is_working_folder(const std::string& path) {
  struct stat here{}, there{};
  return ::stat(".", &here) == 0 && ::stat(path.c_str(), &there) == 0 &&
         here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

// Whether there is nothing but what an interrupted init may have left.
Outcome<void> check_empty(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISDIR(status.st_mode)) return fail(Code::conflict, path + " exists and is no folder.");
  for (const auto& name : fs::names_in(path))
    if (name != ".progy")
      return fail(Code::conflict, path +
                                      " is not empty; name another folder: progy init "
                                      "@user/course <dir>");
  for (const auto& name : fs::names_in(path + "/.progy"))
    if (name != "update") return fail(Code::conflict, path + " holds a course already.");
  return {};
}

}  // namespace

StartFolder::~StartFolder() {
  std::error_code ignored;
  if (lock_) paths::remove_all(beside_, ignored);
  if (inside_) {
    paths::remove_all(target_ + "/.progy/update", ignored);
    ::rmdir((target_ + "/.progy").c_str());  // stays where it has anything
  }
}

Outcome<StartFolder> StartFolder::open(Desk& desk, const std::string& target) {
  auto absolute = paths::absolute(target).lexically_normal().string();
  while (absolute.size() > 1 && absolute.ends_with('/')) absolute.pop_back();
  StartFolder out(desk, absolute);
  const bool inside = is_working_folder(absolute);
  const bool interrupted = inside && ::access((absolute + "/.progy/update").c_str(), F_OK) == 0;
  if (!interrupted)
    if (auto empty = check_empty(absolute); !empty) return std::unexpected(empty.error());
  auto opened = inside ? out.open_inside() : out.open_beside();
  if (!opened) return std::unexpected(std::move(opened.error()));
  return out;
}

Outcome<void> StartFolder::open_beside() {
  const paths::path target(target_);
  std::error_code error;
  paths::create_directories(target.parent_path(), error);
  const auto beside = (target.parent_path() / ("." + target.filename().string() + ".progy-new"));
  if (::mkdir(beside.c_str(), 0777) != 0 && errno != EEXIST) return no_access(beside);
  fs::Fd lock(::open(beside.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!lock) return no_access(beside);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Code::conflict, "Another progy init is making " + target_ + ".");
  beside_ = beside;
  lock_ = std::move(lock);
  for (const auto& name : fs::names_in(beside_)) paths::remove_all(beside_ + "/" + name, error);
  paths::create_directory(content(), error);
  if (error) return fail(Code::bad_request, content() + ": " + error.message() + ".");
  return {};
}

Outcome<void> StartFolder::open_inside() {
  auto change = FolderChange::open(target_);
  if (!change) return std::unexpected(std::move(change.error()));
  if (change->finished())
    return fail(Code::conflict, "What was interrupted is finished now: " + *change->finished() +
                                    ". The course is in this folder.");
  if (auto empty = check_empty(target_); !empty) return empty;
  inside_ = std::make_unique<FolderChange>(*std::move(change));
  std::error_code error;
  paths::create_directories(content(), error);
  if (error) return fail(Code::bad_request, content() + ": " + error.message() + ".");
  return {};
}

std::string StartFolder::content() const {
  return inside_ ? inside_->staged() : beside_ + "/content";
}

std::string StartFolder::scratch() const {
  return inside_ ? inside_->scratch() : beside_ + "/scratch";
}

Outcome<void> StartFolder::start_repository(const std::string& message) const {
  const auto started = Git(*desk_, content()).start(message);
  if (started) return {};
  if (started.error().code != Code::not_found) return std::unexpected(Failure(started.error()));
  desk_->warn(
      "git is not installed: the course has no history of its own yet. Install git, then "
      "run in the folder: git init && git add . && git commit");
  return {};
}

Outcome<void> StartFolder::finish(const std::string& message) {
  if (auto started = start_repository(message); !started) return started;
  if (inside_) return move_inside();
  if (std::rename(content().c_str(), target_.c_str()) == 0) return {};
  if (errno == ENOTEMPTY || errno == EEXIST)
    return fail(Code::conflict, target_ + " got something in it meanwhile; it is left as it is.");
  return no_access(target_);
}

Outcome<void> StartFolder::move_inside() {
  for (const auto& name : fs::names_in(content())) {
    if (name != ".progy") {
      inside_->replace(name);
      continue;
    }
    for (const auto& own : fs::names_in(content() + "/.progy")) inside_->replace(".progy/" + own);
  }
  return inside_->commit("the new course");
}

}  // namespace kontor::cli::progy
