// The journal is the commit: .progy/update/journal.json appears whole, by a rename, after
// everything it names is on the disk.
#include "apps/cli/progy/student/folder_change.h"

#include "adapters/filesystem/whole_file.h"
#include "apps/cli/log/pin.h"
#include "apps/cli/progy/artifact.h"

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

constexpr std::size_t kMostJournal = 64u << 20;
constexpr const char* kAbsent = "absent";
constexpr const char* kOther = "other";

std::unexpected<Failure> no_access(const std::string& path) {
  return std::unexpected(
      Failure(Error{Code::bad_request, path + ": " + std::strerror(errno) + ".", {}}));
}

// What a step may rely on when it is repeated.
std::string state_of(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return kAbsent;
  if (!S_ISREG(status.st_mode)) return kOther;
  const auto hash = hash_file(path);
  return hash ? hash->hex() : kOther;
}

void remove_empty_folders(const std::string& folder, const std::string& path) {
  for (auto slash = path.rfind('/'); slash != path.npos; slash = path.rfind('/', slash - 1)) {
    if (::rmdir((folder + "/" + path.substr(0, slash)).c_str()) != 0) return;
    if (slash == 0) return;
  }
}

bool is_sound(const std::string& path) {
  const paths::path parts(path);
  if (path.empty() || parts.is_absolute()) return false;
  for (const auto& part : parts)
    if (part == "..") return false;
  return true;
}

}  // namespace

FolderChange::FolderChange(std::string folder)
    : folder_(std::move(folder)), staging_(folder_ + "/.progy/update") {}

Outcome<FolderChange> FolderChange::open(const std::string& folder) {
  FolderChange change(folder);
  const auto own = folder + "/.progy";
  if (::mkdir(own.c_str(), 0777) != 0 && errno != EEXIST) return no_access(own);
  change.lock_ = fs::Fd(::open(own.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!change.lock_) return no_access(own);
  if (::flock(change.lock_.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Code::conflict, "Another progy is at work in " + folder + ".");
  if (auto recovered = change.recover(); !recovered)
    return std::unexpected(std::move(recovered.error()));
  return change;
}

Outcome<void> FolderChange::recover() {
  auto journal = read_journal();
  if (!journal) return std::unexpected(std::move(journal.error()));
  if (*journal)
    if (auto applied = apply(); !applied) return applied;
  finished_ = *std::move(journal);
  steps_.clear();
  return clear();
}

Outcome<std::string> FolderChange::stage(const std::string& path) {
  const auto target = staged() + "/" + path;
  std::error_code error;
  paths::create_directories(paths::path(target).parent_path(), error);
  if (error) return fail(Code::bad_request, target + ": " + error.message() + ".");
  return target;
}

void FolderChange::replace(const std::string& path) {
  steps_.push_back({path, false, state_of(folder_ + "/" + path)});
}

void FolderChange::remove(const std::string& path) {
  steps_.push_back({path, true, state_of(folder_ + "/" + path)});
}

Outcome<void> FolderChange::write_journal(const std::string& what) const {
  Json journal = {{"what", what}, {"steps", Json::array()}};
  for (const auto& step : steps_)
    journal["steps"].push_back(
        {{"path", step.path}, {"remove", step.remove}, {"before", step.before}});
  auto written = replace_file(staging_, "journal.json", journal.dump());
  if (!written) return fail(written);
  return {};
}

Outcome<std::optional<std::string>> FolderChange::read_journal() {
  const auto path = staging_ + "/journal.json";
  const auto text = fs::read_file(path, kMostJournal);
  if (!text && text.error().code == Code::not_found) return std::optional<std::string>();
  const auto journal = Json::parse(text ? *text : "", nullptr, false);
  const auto steps = journal.is_object() ? journal.find("steps") : journal.end();
  if (!journal.is_object() || steps == journal.end() || !steps->is_array())
    return fail(Code::bad_request, path + " is damaged; remove the folder .progy/update and " +
                                       "restore your files by git.");
  for (const auto& entry : *steps) {
    if (!entry.is_object() || !entry.contains("remove")) continue;
    Step step{text_of(entry, "path"), entry["remove"] == true, text_of(entry, "before")};
    if (!is_sound(step.path)) return fail(Code::bad_request, path + " names no path of a course.");
    steps_.push_back(std::move(step));
  }
  return std::optional(text_of(journal, "what"));
}

Outcome<void> FolderChange::commit(const std::string& what) {
  std::error_code error;
  paths::create_directories(staging_, error);
  const fs::Fd staging(::open(staging_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (error || !staging || ::syncfs(staging.get()) != 0) return no_access(staging_);
  if (auto written = write_journal(what); !written) return written;
  if (auto applied = apply(); !applied) return applied;
  steps_.clear();
  return clear();
}

Outcome<void> FolderChange::apply() {
  for (const auto& step : steps_)
    if (auto applied = apply(step); !applied) return applied;
  return {};
}

Outcome<void> FolderChange::apply(const Step& step) {
  const auto target = folder_ + "/" + step.path;
  const auto source = staged() + "/" + step.path;
  const bool pending = step.remove || ::access(source.c_str(), F_OK) == 0;
  const auto now = pending ? state_of(target) : kAbsent;
  if (!pending || (step.remove && now == kAbsent)) return {};  // done before a crash
  if (now != step.before) {
    left_alone_.push_back(step.path);
    if (!step.remove) (void)fs::move_unless_exists(source, target + ".progy-new");
    return {};
  }
  if (step.remove) {
    if (::unlink(target.c_str()) != 0) return no_access(target);
    remove_empty_folders(folder_, step.path);
    return {};
  }
  std::error_code error;
  paths::create_directories(paths::path(target).parent_path(), error);
  if (error || std::rename(source.c_str(), target.c_str()) != 0) return no_access(target);
  return {};
}

// Without its journal the rest is nothing but rubbish.
Outcome<void> FolderChange::clear() const {
  std::error_code error;
  paths::remove_all(scratch(), error);
  fs::remove_quietly(staging_ + "/journal.json");
  paths::remove_all(staging_, error);
  if (error) return fail(Code::bad_request, staging_ + ": " + error.message() + ".");
  return {};
}

}  // namespace kontor::cli::progy
