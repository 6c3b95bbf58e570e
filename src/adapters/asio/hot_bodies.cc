// Files hold copies: a body may leave while its file is still being sent.
#include "adapters/asio/hot_bodies.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace kontor::net {
namespace {

// In the folder for temporary files, without a name; in memory where that folder has no such files.
// Files on a disk lie in larger pieces, which are some 10 % cheaper to send.
OwnedFd unnamed_file() {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  if (!error) {
    OwnedFd file(::open(folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
    if (file) return file;
  }
  return OwnedFd(::memfd_create("kontor-body", MFD_CLOEXEC));
}

SharedFd file_with(const Bytes& bytes) {
  OwnedFd file = unnamed_file();
  if (!file) return nullptr;
  for (std::size_t done = 0; done < bytes.size();) {
    const auto n = ::write(file.get(), bytes.data() + done, bytes.size() - done);
    if (n <= 0) return nullptr;
    done += static_cast<std::size_t>(n);
  }
  return std::make_shared<const OwnedFd>(std::move(file));
}

}  // namespace

HotBodies::Entry& HotBodies::entry_of(const SharedBytes& body) {
  auto found = entries_.find(body.get());
  if (found != entries_.end() && found->second.body.expired()) {
    forget(found);
    found = entries_.end();
  }
  if (found != entries_.end()) return found->second;
  if (entries_.size() >= kMost) make_room(0);
  return entries_.emplace(body.get(), Entry{.body = body}).first->second;
}

SharedFd HotBodies::file_of(const SharedBytes& body) {
  if (body->size() < kSmallest || body->size() > kLargest) return nullptr;
  Entry& entry = entry_of(body);
  entry.used = ++turn_;
  if (entry.file || ++entry.uses < kUses) return entry.file;
  make_room(body->size());
  entry.file = file_with(*body);
  if (entry.file) bytes_ += entry.size = body->size();
  return entry.file;
}

// First those that have gone, then the ones that were not used for longest; never the last used.
void HotBodies::make_room(std::size_t bytes) {
  for (auto it = entries_.begin(); it != entries_.end();)
    it = it->second.body.expired() ? forget(it) : std::next(it);
  while (entries_.size() >= kMost || bytes_ + bytes > kBudget)
    forget(std::ranges::min_element(entries_, {}, [](const auto& e) { return e.second.used; }));
}

HotBodies::Entries::iterator HotBodies::forget(Entries::iterator entry) {
  bytes_ -= entry->second.size;
  return entries_.erase(entry);
}

}  // namespace kontor::net
