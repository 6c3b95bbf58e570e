// Why every version of the copied database finds its blob. The blobs that are there are linked
// first, then the database is copied, then the blobs that were published in between. What was there
// at the beginning cannot be taken away by a collection any more; what came later is younger than
// any grace period.
#include "apps/upkeep/backup.h"

#include "adapters/filesystem/blob_layout.h"
#include "adapters/filesystem/files.h"
#include "adapters/sqlite/snapshot.h"
#include "apps/upkeep/backup_info.h"
#include "apps/upkeep/copies.h"
#include "apps/upkeep/log_backup.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

namespace kontor::upkeep {
namespace {

namespace stdfs = std::filesystem;

class BackupMaker {
 public:
  BackupMaker(std::string data_dir, std::string folder, Timestamp now, Keys keys)
      : data_dir_(std::move(data_dir)),
        folder_(std::move(folder)),
        final_(folder_ + "/" + name_of_backup(now)),
        path_(folder_ + "/" + kUnfinished + name_of_backup(now)),
        log_(data_dir_, path_) {
    info_.created = now;
    info_.keys = keys == Keys::included;
  }

  Result<BackupInfo> run(const std::string& kontor) {
    info_.kontor = kontor;
    if (auto ready = prepare(); !ready) return fail(ready);
    if (auto linked = take_all(); !linked) return fail(linked);
    if (auto taken = log_.take_heads(info_.keys); !taken) return fail(taken);
    if (auto copied = sqlite::copy_database(data_dir_ + kDatabaseName, path_ + kDatabaseName);
        !copied)
      return fail(copied);
    if (auto listed = take_named(); !listed) return fail(listed);
    if (auto taken = log_.take_tiles(); !taken) return fail(taken);
    if (auto described = describe(); !described) return fail(described);
    return finish();
  }

 private:
  Result<void> prepare();
  Result<void> take_all();
  Result<bool> take(const Sha256& digest);
  bool lies_with_ori(const Sha256& digest) const;
  Result<void> take_named();
  Result<void> describe();
  Result<BackupInfo> finish();

  const std::string data_dir_, folder_, final_, path_;
  std::string earlier_;  // the newest finished backup, to link from; empty: none
  fs::Fd lock_;
  LogBackup log_;
  BackupInfo info_;
};

Result<void> BackupMaker::prepare() {
  std::error_code error;
  if (!stdfs::exists(data_dir_ + kDatabaseName, error))
    return fail(Code::not_found, data_dir_ + " is not a data directory: it has no kontor.db.");
  stdfs::create_directories(folder_, error);
  lock_ = fs::Fd(::open((folder_ + "/.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_) return fs::fail_errno(errno, "open " + folder_ + "/.lock");
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) < 0)
    return fail(Code::unavailable, "Another backup into " + folder_ + " is under way.");
  for (const auto& name : fs::names_in(folder_))
    if (name.starts_with(kUnfinished)) stdfs::remove_all(folder_ + "/" + name, error);
  if (stdfs::exists(final_, error))
    return fail(Code::conflict, "There is a backup of this very second; wait for the next one.");
  const auto backups = list_backups(folder_);
  if (backups && !backups->empty()) earlier_ = backups->back().path;
  for (const auto& path : {path_, path_ + kBlobsName, path_ + kBlobFolder})
    if (auto made = fs::make_folder(path); !made) return fail(made);
  return {};
}

bool BackupMaker::lies_with_ori(const Sha256& digest) const {
  const fs::BlobLayout layout{data_dir_ + kBlobsName};
  return fs::locate(layout, digest) == layout.ori_blob(digest);
}

// True where the blob is in the backup now, false where the store has lost it.
Result<bool> BackupMaker::take(const Sha256& digest) {
  const auto from = fs::locate({data_dir_ + kBlobsName}, digest), to = path_ + blob_name(digest);
  if (::link(from.c_str(), to.c_str()) == 0 || errno == EEXIST) return true;
  if (errno == ENOENT) return false;
  if (errno == ENOSPC || errno == EDQUOT || errno == EIO)
    return fs::fail_errno(errno, "link " + to);
  // Another file system, or one that cannot link.
  if (!earlier_.empty() && ::link((earlier_ + blob_name(digest)).c_str(), to.c_str()) == 0)
    return true;
  const auto copied = copy_file(from, to, Durable::later);
  if (copied) return true;
  if (copied.error().code == Code::not_found) return false;
  return std::unexpected(copied.error());
}

Result<void> BackupMaker::take_all() {
  Result<void> outcome;
  auto read = fs::each_blob({data_dir_ + kBlobsName}, [&](const Sha256& digest) {
    if (!outcome) return;
    if (auto taken = take(digest); !taken) outcome = fail(taken);
  });
  return read ? outcome : read;
}

Result<void> BackupMaker::take_named() {
  const auto list = fs::create_exclusive(path_ + kListName);
  if (!list) return std::unexpected(list.error());
  std::string lines;
  const auto flush = [&]() -> Result<void> {
    auto written = fs::write_all(*list, lines);
    lines.clear();
    return written;
  };
  auto walked = sqlite::each_blob(path_ + kDatabaseName,
                                  [&](const Sha256& digest, std::uint64_t size) -> Result<void> {
                                    auto taken = take(digest);
                                    if (!taken) return fail(taken);
                                    if (!*taken) {
                                      ++info_.missing;
                                      return {};
                                    }
                                    ++info_.blobs;
                                    info_.blob_bytes += size;
                                    lines += line_of({digest, size, lies_with_ori(digest)});
                                    return lines.size() > (1 << 16) ? flush() : Result<void>();
                                  });
  if (walked) walked = flush();
  return walked ? fs::sync_file(*list) : walked;
}

Result<void> BackupMaker::describe() {
  const auto counts = sqlite::count_rows(path_ + kDatabaseName);
  if (!counts) return std::unexpected(counts.error());
  info_.packages = counts->packages;
  info_.versions = counts->versions;
  const auto database = digest_of_file(path_ + kDatabaseName);
  if (!database) return std::unexpected(database.error());
  info_.database = *database;
  const auto list = digest_of_file(path_ + kListName);
  if (!list) return std::unexpected(list.error());
  info_.blob_list = *list;
  const auto files = digest_of_file(path_ + kFilesName);
  if (!files) return std::unexpected(files.error());
  info_.file_list = *files;
  return write_info(info_, path_);
}

Result<BackupInfo> BackupMaker::finish() {
  if (auto synced = sync_file_system(path_); !synced) return fail(synced);
  if (::rename(path_.c_str(), final_.c_str()) < 0) return fs::fail_errno(errno, "rename " + final_);
  if (auto synced = fs::sync_folder(folder_); !synced) return fail(synced);
  info_.path = final_;
  return info_;
}

}  // namespace

Result<BackupInfo> create_backup(const std::string& data_dir, const std::string& folder,
                                 Timestamp now, const std::string& kontor, Keys keys) {
  return BackupMaker(data_dir, folder, now, keys).run(kontor);
}

Result<std::vector<BackupInfo>> list_backups(const std::string& folder) {
  std::vector<BackupInfo> backups;
  auto read = fs::each_name(folder, [&](const char* name) {
    if (auto info = read_info(folder + "/" + name); info && name[0] != '.')
      backups.push_back(std::move(*info));
  });
  if (!read && read.error().code == Code::not_found)
    return fail(Code::not_found, "There is no folder " + folder + ".");
  if (!read) return fail(read);
  std::ranges::sort(backups, {}, &BackupInfo::created);
  return backups;
}

// Renamed first: what is half removed is no backup any more.
Result<std::uint64_t> prune_backups(const std::string& folder, Timestamp before) {
  const auto backups = list_backups(folder);
  if (!backups) return std::unexpected(backups.error());
  std::uint64_t removed = 0;
  for (const auto& info : *backups) {
    if (info.created >= before || &info == &backups->back()) break;
    const auto doomed = folder + "/" + kUnfinished + name_of_backup(info.created);
    if (::rename(info.path.c_str(), doomed.c_str()) < 0)
      return fs::fail_errno(errno, "rename " + info.path);
    std::error_code error;
    stdfs::remove_all(doomed, error);
    if (error) return fail(Code::storage_failed, {}, doomed + ": " + error.message());
    ++removed;
  }
  return removed;
}

Result<BackupInfo> open_backup(const std::string& path) {
  auto info = read_info(path);
  if (!info) return info;
  const auto database = digest_of_file(path + kDatabaseName);
  const auto list = digest_of_file(path + kListName);
  if (!database || *database != info->database)
    return fail(Code::storage_failed, "kontor.db in " + path + " is not what was backed up.");
  if (!list || *list != info->blob_list)
    return fail(Code::storage_failed, "blobs.txt in " + path + " is not what was backed up.");
  const auto files = digest_of_file(path + kFilesName);
  if (info->file_list != Sha256{} && (!files || *files != info->file_list))
    return fail(Code::storage_failed, "files.txt in " + path + " is not what was backed up.");
  return info;
}

}  // namespace kontor::upkeep
