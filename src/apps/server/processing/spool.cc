// A file without a name vanishes with its last descriptor, whatever happens.
#include "apps/server/processing/spool.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>
#include <vector>

namespace kontor::processing {
namespace {

// O_TMPFILE is not there on every file system; a name that is removed at once does the same.
Result<fs::Fd> nameless_file(const std::string& folder) {
  fs::Fd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  std::string path = folder + "/inspect-XXXXXX";
  file = fs::Fd(::mkostemp(path.data(), O_CLOEXEC));
  if (!file) return fs::fail_errno(errno, "create " + path);
  ::unlink(path.c_str());
  return file;
}

}  // namespace

Result<void> Spool::open_memory() {
  file_ = fs::Fd(::memfd_create("archive", MFD_CLOEXEC));
  if (!file_) return fs::fail_errno(errno, "memfd_create");
  return {};
}

Result<void> Spool::move_to_file() {
  auto file = nameless_file(folder_);
  if (!file) return fail(file);
  in_memory_ = false;
  off_t from = 0;
  while (static_cast<std::uint64_t>(from) < size_) {
    const auto left = static_cast<std::size_t>(size_) - static_cast<std::size_t>(from);
    const auto n = ::sendfile(file->get(), file_.get(), &from, left);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fs::fail_errno(n < 0 ? errno : EIO, "sendfile");
  }
  file_ = std::move(*file);
  return {};
}

Result<void> Spool::append(ByteView piece) {
  if (!file_)
    if (auto done = open_memory(); !done) return done;
  if (in_memory_ && size_ + piece.size() > kInMemory)
    if (auto done = move_to_file(); !done) return done;
  size_ += piece.size();
  return fs::write_all(file_, piece);
}

Result<fs::Fd> Spool::finish() {
  if (!file_)
    if (auto done = open_memory(); !done) return fail(done);
  if (::lseek(file_.get(), 0, SEEK_SET) < 0) return fs::fail_errno(errno, "lseek");
  return std::move(file_);
}

}  // namespace kontor::processing
