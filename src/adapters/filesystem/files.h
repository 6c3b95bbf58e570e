#pragma once
// The few dangerous primitives on files, each with its errors mapped to the catalogue.
#include "base/error.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::fs {

// A descriptor that closes itself.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// storage_full for a full disk or quota, unavailable for exhausted descriptors, else
// storage_failed.
std::unexpected<Error> fail_errno(int error, std::string_view what);

Result<Fd> open_for_reading(const std::string& path);  // not_found where absent
Result<Fd> create_exclusive(const std::string& path);  // mode 0600
Result<void> write_all(const Fd& file, std::string_view bytes);
Result<void> sync_file(const Fd& file);
Result<void> sync_folder(const std::string& path);
// Starts writing a range to the disk without waiting for it. Only a hint.
void start_writing(const Fd& file, std::uint64_t offset, std::uint64_t length);
// Creates `path` unless it is there. True where it was created: its parent must then be synced.
Result<bool> make_folder(const std::string& path);
// Gives `from` the name `to` unless `to` exists; then `from` is removed and `to` stays as it was.
// The names are durable after a sync of the folder of `to`.
Result<void> move_unless_exists(const std::string& from, const std::string& to);
// Calls `take` with each name in a folder, in no order. not_found where there is no such folder.
Result<void> each_name(const std::string& folder, const std::function<void(const char*)>& take);
std::vector<std::string> names_in(const std::string& folder);  // empty where it cannot be read
void remove_quietly(const std::string& path);

}  // namespace kontor::fs
