// The lock is on the file itself, which gets another name when it is whole.
#include "apps/cli/progy/part_file.h"

#include "apps/cli/progy/artifact.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::cli::progy {
namespace {

constexpr int kFruitlessAttempts = 3;

}  // namespace

Outcome<std::optional<PartFile>> PartFile::open(const std::string& path) {
  fs::Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return fail(Code::bad_request, path + ": " + std::strerror(errno) + ".");
  while (::flock(file.get(), LOCK_EX) != 0)
    if (errno != EINTR) return fail(Code::bad_request, path + ": " + std::strerror(errno) + ".");
  struct stat ours{}, named{};
  const bool same = ::fstat(file.get(), &ours) == 0 && ::stat(path.c_str(), &named) == 0 &&
                    ours.st_ino == named.st_ino;
  if (!same) return std::optional<PartFile>();
  PartFile part(std::move(file), path);
  part.size_ = static_cast<std::uint64_t>(ours.st_size);
  part.resumed_ = part.size_ > 0;
  return std::optional<PartFile>(std::move(part));
}

void PartFile::empty() {
  if (::ftruncate(file_.get(), 0) == 0) size_ = 0;
  resumed_ = false;
}

Outcome<void> PartFile::fill(RegistryApi& api, const Release& release, const Progress& progress) {
  if (size_ > release.size) empty();
  for (int fruitless = 0; size_ < release.size;) {
    const auto before = size_;
    bool too_much = false;
    const auto sink = [&](std::string_view piece) {
      too_much = piece.size() > release.size - size_;
      if (too_much) return false;
      const auto at = static_cast<off_t>(size_);
      if (::lseek(file_.get(), at, SEEK_SET) != at || !fs::write_all(file_, piece)) return false;
      size_ += piece.size();
      progress(size_, release.size);
      return true;
    };
    auto done = api.download(release, size_, {[&] { empty(); }, sink});
    if (too_much)
      return fail(Code::checksum_mismatch, "The registry sends more than the " +
                                               std::to_string(release.size) +
                                               " bytes that it promised.");
    fruitless = size_ > before ? 0 : fruitless + 1;
    const bool again = done || done.error().code == Code::unavailable;
    if (!again || (size_ < release.size && fruitless == kFruitlessAttempts))
      return done ? fail(Code::unavailable, "The registry sends less than it promised.") : done;
  }
  return {};
}

Outcome<void> PartFile::verify(const Release& release) {
  const auto hash = hash_file(path_);
  if (!hash) return std::unexpected(hash.error());
  if (*hash == release.checksum) return {};
  empty();
  return fail(Code::checksum_mismatch,
              "The artifact of " + release.name.full() + " " + release.version +
                  " is not what the registry promised: it promised sha256 " +
                  release.checksum.hex() + ", and sent " + hash->hex() + ". Nothing was kept.");
}

}  // namespace kontor::cli::progy
