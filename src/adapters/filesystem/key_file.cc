// A new key is whole and on disk under another name before it gets its own: a crash leaves no file
// that is too short to be a key.
#include "adapters/filesystem/key_file.h"

#include "adapters/filesystem/files.h"
#include "base/encoding.h"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::fs {
namespace {

std::unexpected<Error> bad_key(const std::string& path, const std::string& what) {
  return fail(Code::storage_failed, "The key file " + path + " " + what);
}

Result<Bytes> read_key(const std::string& path) {
  const auto file = open_for_reading(path);
  if (!file && file.error().code == Code::not_found) return fail(Code::not_found);
  if (!file) return bad_key(path, "cannot be read (" + file.error().cause + ").");
  struct stat info{};
  if (::fstat(file->get(), &info) < 0) return fail_errno(errno, "fstat");
  if (info.st_mode & 077)
    return bad_key(path, "may be read by other users; run chmod 600 on it and start again.");
  Bytes key(kKeyFileBytes + 1, '\0');
  const auto n = ::read(file->get(), key.data(), key.size());
  if (n < 0) return fail_errno(errno, "read " + path);
  if (n != static_cast<ssize_t>(kKeyFileBytes))
    return bad_key(path, "does not hold a key of 32 bytes; restore it from a backup.");
  key.resize(kKeyFileBytes);
  return key;
}

Result<void> write_key(const std::string& path, const Bytes& key, Entropy& entropy) {
  const std::string fresh = path + ".new-" + to_hex(entropy.bytes(8));
  const auto file = create_exclusive(fresh);
  if (!file) return std::unexpected(file.error());
  auto done = write_all(*file, key);
  if (done) done = sync_file(*file);
  if (done) done = move_unless_exists(fresh, path);
  if (!done) remove_quietly(fresh);
  return done;
}

// Makes the folder of the key, too.
Result<void> make_key(const std::string& path, Entropy& entropy) {
  const std::string folder = path.substr(0, path.rfind('/'));
  const auto made = make_folder(folder);
  if (!made) return std::unexpected(made.error());
  if (auto written = write_key(path, entropy.bytes(kKeyFileBytes), entropy); !written)
    return written;
  if (auto synced = sync_folder(folder); !synced) return synced;
  return *made ? sync_folder(folder.substr(0, folder.rfind('/'))) : Result<void>{};
}

}  // namespace

Result<Bytes> load_or_make_key(const std::string& path, Entropy& entropy) {
  auto key = read_key(path);
  if (key || key.error().code != Code::not_found) return key;
  if (auto made = make_key(path, entropy); !made)
    return bad_key(path, "cannot be made (" + made.error().cause + ").");
  return read_key(path);
}

}  // namespace kontor::fs
