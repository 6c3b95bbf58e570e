// The bytes are synced before they get their name, and the name before the call ends.
#include "apps/server/signing/key_files.h"

#include "adapters/filesystem/whole_file.h"

#include <cerrno>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::signing {
namespace {

constexpr std::size_t kMaxBytes = 1 << 20;

}  // namespace

Result<KeyFolder> KeyFolder::open(std::string path) {
  const auto made = fs::make_folder(path);
  if (!made) return std::unexpected(made.error());
  if (*made)
    if (auto synced = fs::sync_folder(path.substr(0, path.rfind('/'))); !synced)
      return fail(synced);
  return KeyFolder(std::move(path));
}

Result<std::optional<Bytes>> KeyFolder::read(const std::string& name) const {
  const std::string path = path_ + "/" + name;
  auto file = fs::open_for_reading(path);
  if (!file && file.error().code == Code::not_found) return std::nullopt;
  if (!file) return fail(file);
  struct stat status{};
  if (::fstat(file->get(), &status) < 0) return fs::fail_errno(errno, "stat " + path);
  if (status.st_mode & (S_IRWXG | S_IRWXO))
    return fail(Code::unavailable, "Others may read the key file " + path +
                                       "; run chmod 600 on it, and rotate the key if somebody "
                                       "might have.");
  auto bytes = fs::read_all(*file, kMaxBytes);
  if (!bytes) return fail(bytes.error().code, "The file " + path + " cannot be read.", path);
  return std::move(*bytes);
}

Result<void> KeyFolder::write(const std::string& name, ByteView bytes) const {
  const std::string path = path_ + "/" + name, fresh = path + ".new";
  fs::remove_quietly(fresh);
  auto file = fs::create_exclusive(fresh);
  if (!file) return fail(file);
  if (auto written = fs::write_all(*file, bytes); !written) return written;
  if (auto synced = fs::sync_file(*file); !synced) return synced;
  if (::rename(fresh.c_str(), path.c_str()) < 0) return fs::fail_errno(errno, "rename to " + path);
  return fs::sync_folder(path_);
}

}  // namespace kontor::signing
