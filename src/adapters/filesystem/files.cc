// Thin over system calls; every one that may be interrupted is repeated.
#include "adapters/filesystem/files.h"

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::fs {
namespace {

template <class Call>
int repeat(Call call) {
  int result;
  do result = call();
  while (result < 0 && errno == EINTR);
  return result;
}

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

std::unexpected<Error> fail_errno(int error, std::string_view what) {
  const Code code = error == ENOSPC || error == EDQUOT   ? Code::storage_full
                    : error == EMFILE || error == ENFILE ? Code::unavailable
                                                         : Code::storage_failed;
  return fail(code, {}, std::string(what) + ": " + std::strerror(error));
}

Result<Fd> open_for_reading(const std::string& path) {
  Fd file(repeat([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (file) return file;
  if (errno == ENOENT) return fail(Code::not_found);
  return fail_errno(errno, "open " + path);
}

Result<Fd> create_exclusive(const std::string& path) {
  Fd file(repeat([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  }));
  if (!file) return fail_errno(errno, "create " + path);
  return file;
}

Result<void> write_all(const Fd& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(file.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(errno, "write");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> sync_file(const Fd& file) {
  if (repeat([&] { return ::fsync(file.get()); }) < 0) return fail_errno(errno, "fsync");
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const Fd folder(repeat([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!folder) return fail_errno(errno, "open " + path);
  return sync_file(folder);
}

void start_writing(const Fd& file, std::uint64_t offset, std::uint64_t length) {
  ::sync_file_range(file.get(), static_cast<off64_t>(offset), static_cast<off64_t>(length),
                    SYNC_FILE_RANGE_WRITE);
}

Result<bool> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return true;
  if (errno == EEXIST) return false;
  return fail_errno(errno, "mkdir " + path);
}

Result<void> move_unless_exists(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno == EINVAL || errno == ENOSYS) {  // the file system knows no such rename
    if (::link(from.c_str(), to.c_str()) < 0 && errno != EEXIST)
      return fail_errno(errno, "link " + to);
  } else if (errno != EEXIST) {
    return fail_errno(errno, "rename to " + to);
  }
  if (::unlink(from.c_str()) < 0 && errno != ENOENT) return fail_errno(errno, "unlink " + from);
  return {};
}

Result<void> each_name(const std::string& folder, const std::function<void(const char*)>& take) {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(folder.c_str()), &::closedir);
  if (!stream && errno == ENOENT) return fail(Code::not_found);
  if (!stream) return fail_errno(errno, "open " + folder);
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (!entry && errno) return fail_errno(errno, "read " + folder);
    if (!entry) return {};
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") take(entry->d_name);
  }
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  (void)each_name(folder, [&](const char* name) { names.emplace_back(name); });
  return names;
}

void remove_quietly(const std::string& path) {
  ::unlink(path.c_str());
}

}  // namespace kontor::fs
