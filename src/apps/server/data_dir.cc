// The lock is an flock(2) on a file that stays: it ends with the process, however that ends.
#include "apps/server/data_dir.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>

namespace kontor {
namespace {

// Makes the folder and those above it that are missing, each with its name on disk.
Result<void> make_folders(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (auto made = make_folders(parent); !made) return made;
  if (::mkdir(path.c_str(), 0700) < 0 && errno != EEXIST)
    return fail(Code::storage_failed, {}, std::strerror(errno));
  return fs::sync_folder(parent);
}

}  // namespace

Result<DataDir> DataDir::open(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (auto made = make_folders(path); !made)
    return fail(made.error().code,
                "The data directory " + path + " cannot be created: " + made.error().cause);
  return lock(std::move(path));
}

Result<DataDir> DataDir::open_existing(std::string path) {
  std::error_code error;
  if (!std::filesystem::exists(path + "/kontor.db", error))
    return fail(Code::not_found, path + " is not a data directory: it has no kontor.db.");
  return lock(std::move(path));
}

Result<DataDir> DataDir::lock(std::string path) {
  const std::string lock_path = path + "/lock";
  fs::Fd lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock)
    return fail(Code::storage_failed,
                "The data directory " + path + " cannot be written: " + std::strerror(errno));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) < 0)
    return fail(Code::unavailable, "Another server uses the data directory " + path +
                                       "; stop it, or give this one another --data-dir.");
  return DataDir(std::move(path), std::move(lock));
}

}  // namespace kontor
