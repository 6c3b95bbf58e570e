// Written beside, synced, renamed.
#include "apps/cli/ori/project_files.h"

#include "adapters/filesystem/whole_file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::cli::ori {
namespace {

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

mode_t mode_for(const std::string& path) {
  struct stat known{};
  return ::stat(path.c_str(), &known) == 0 ? known.st_mode & 0777 : 0644;
}

}  // namespace

Result<std::string> read_project_file(const std::string& path, std::size_t most) {
  return fs::read_file(path, most);
}

Result<void> write_project_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  fs::remove_quietly(temporary);
  const auto file = fs::create_exclusive(temporary);
  if (!file) return std::unexpected(file.error());
  if (auto written = fs::write_all(*file, text); !written) return written;
  if (::fchmod(file->get(), mode_for(path)) != 0) return fs::fail_errno(errno, temporary);
  if (auto synced = fs::sync_file(*file); !synced) return synced;
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return fs::fail_errno(errno, path);
  return fs::sync_folder(folder_of(path));
}

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fs::fail_errno(error.value(), path);
  return {};
}

Result<void> remove_tree(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return fs::fail_errno(error.value(), path);
  return {};
}

}  // namespace kontor::cli::ori
