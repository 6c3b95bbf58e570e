// Crash argument. A file gets its name only after its bytes were synced, and a call ends only after
// the folders of all names were. What a crash leaves behind is either staged, and swept, or whole,
// and found equal when the same files are created again.
#include "adapters/filesystem/log_files.h"

#include "adapters/filesystem/files.h"

#include <cerrno>
#include <cstdio>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::fs {
namespace {

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

Result<Bytes> read_whole(const std::string& path) {
  auto file = open_for_reading(path);
  if (!file) return fail(file);
  struct stat status{};
  if (::fstat(file->get(), &status) < 0) return fail_errno(errno, "stat " + path);
  Bytes bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto n = ::read(file->get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "read " + path);
    if (n == 0) break;  // somebody cut it meanwhile
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

// Makes the folder and its parents below `root`; notes those whose new names must be synced.
Result<void> make_path(const std::string& root, const std::string& folder,
                       std::set<std::string>& unsynced) {
  if (folder.size() <= root.size()) return {};
  struct stat status{};
  if (::stat(folder.c_str(), &status) == 0) return {};
  if (auto parent = make_path(root, folder_of(folder), unsynced); !parent) return parent;
  if (auto made = make_folder(folder); !made) return fail(made);
  unsynced.insert(folder_of(folder));
  return {};
}

Result<Fd> write_staged(const std::string& path, ByteView bytes) {
  remove_quietly(path);
  auto file = create_exclusive(path);
  if (!file) return file;
  if (auto written = write_all(*file, bytes); !written) return fail(written);
  start_writing(*file, 0, bytes.size());
  return file;
}

// A file to be created: its final name and, until it has that, where its bytes lie.
struct Staged {
  std::string path;
  std::string staged;
  Fd file;
};

Result<void> sync_and_name(std::vector<Staged>& files, std::set<std::string>& unsynced) {
  for (const Staged& one : files)
    if (auto synced = sync_file(one.file); !synced) return synced;
  for (const Staged& one : files) {
    if (auto named = move_unless_exists(one.staged, one.path); !named) return named;
    unsynced.insert(folder_of(one.path));
  }
  for (const std::string& folder : unsynced)
    if (auto synced = sync_folder(folder); !synced) return synced;
  return {};
}

}  // namespace

Result<void> LogFolder::prepare() {
  if (auto made = make_folder(root_); !made) return fail(made);
  for (const LogId log : kLogs) {
    for (const auto& path : {folder(log), staging(log)})
      if (auto made = make_folder(path); !made) return fail(made);
    for (const auto& name : names_in(staging(log))) remove_quietly(staging(log) + "/" + name);
    if (auto synced = sync_folder(folder(log)); !synced) return synced;
  }
  if (auto synced = sync_folder(root_); !synced) return synced;
  return sync_folder(folder_of(root_));
}

Task<std::optional<Bytes>> LogFolder::read(LogId log, std::string path) {
  auto bytes = read_whole(folder(log) + "/" + path);
  if (bytes) co_return std::move(*bytes);
  if (bytes.error().code == Code::not_found) co_return std::nullopt;
  co_return fail(bytes);
}

Result<void> LogFolder::create_all(LogId log, const std::vector<LogFile>& files) const {
  std::set<std::string> unsynced;
  std::vector<Staged> staged;
  for (const LogFile& file : files) {
    const std::string path = folder(log) + "/" + file.path;
    const auto present = read_whole(path);
    if (present && *present != file.bytes)
      return fail(Code::conflict, {}, path + " holds other bytes");
    unsynced.insert(folder_of(path));  // an earlier process may have named it and synced nothing
    if (present) continue;
    if (present.error().code != Code::not_found) return std::unexpected(present.error());
    if (auto made = make_path(folder(log), folder_of(path), unsynced); !made) return made;
    const std::string place = staging(log) + "/" + std::to_string(staged.size());
    auto written = write_staged(place, file.bytes);
    if (!written) return fail(written);
    staged.push_back({path, place, std::move(*written)});
  }
  return sync_and_name(staged, unsynced);
}

Task<> LogFolder::create(LogId log, std::vector<LogFile> files) {
  co_return create_all(log, files);
}

Result<void> LogFolder::replace_one(LogId log, const LogFile& file) const {
  const std::string path = folder(log) + "/" + file.path, place = staging(log) + "/new";
  auto written = write_staged(place, file.bytes);
  if (!written) return fail(written);
  if (auto synced = sync_file(*written); !synced) return synced;
  if (::rename(place.c_str(), path.c_str()) < 0) return fail_errno(errno, "rename to " + path);
  return sync_folder(folder_of(path));
}

Task<> LogFolder::replace(LogId log, LogFile file) {
  co_return replace_one(log, file);
}

Task<> LogFolder::drop_partials(LogId log, std::vector<std::string> tiles) {
  for (const std::string& tile : tiles) {
    const std::string partials = folder(log) + "/" + tile + ".p";
    for (const auto& name : names_in(partials)) remove_quietly(partials + "/" + name);
    ::rmdir(partials.c_str());
  }
  co_return {};
}

}  // namespace kontor::fs
