// Read as `kontor verify lockfile` reads it.
#include "apps/cli/ori/lock.h"

#include "apps/cli/ori/project_files.h"

#include "lockfile/lockfile.h"
#include "logclient/release_check.h"

namespace kontor::cli::ori {

Result<Lock> read_lock(const std::string& path) {
  const auto text = read_project_file(path, lockfile::kMaxLockfileBytes);
  if (!text && text.error().code == Code::not_found) return Lock();
  if (!text) return std::unexpected(text.error());
  const auto read = lockfile::read_lockfile(lockfile::Kind::ori, *text);
  if (!read) return std::unexpected(read.error());
  Lock lock;
  for (const auto& archive : read->archives)
    lock[lock_key(archive.name, archive.version)] =
        logclient::parse_integrity(archive.integrity).sha256.at(0);
  return lock;
}

std::string print_lock(const Lock& lock) {
  std::string text = "[checksums]\n";
  for (const auto& [key, digest] : lock)
    text += "\"" + key + "\" = \"sha256:" + digest.hex() + "\"\n";
  return text;
}

}  // namespace kontor::cli::ori
