// A restore is made beside its place and moved there at the end.
#include "adapters/filesystem/blob_layout.h"
#include "adapters/filesystem/files.h"
#include "apps/upkeep/backup.h"
#include "apps/upkeep/backup_info.h"
#include "apps/upkeep/copies.h"
#include "apps/upkeep/log_backup.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace kontor::upkeep {
namespace {

namespace stdfs = std::filesystem;

Result<void> copy_checked(const std::string& from, const std::string& to, const Sha256& expected) {
  const auto copied = copy_file(from, to, Durable::later);
  if (copied && *copied == expected) return {};
  if (copied || copied.error().code == Code::not_found)
    return fail(Code::storage_failed,
                from + (copied ? " is not what was backed up." : " is missing from the backup."));
  return std::unexpected(copied.error());
}

// Where the restored store has a blob, its folders made.
Result<std::string> place_of(const BlobLine& blob, const std::string& data_dir) {
  const fs::BlobLayout layout{data_dir + kBlobsName};
  if (!blob.ori) return layout.blob(blob.digest);
  const auto folder = layout.ori_subfolder(blob.digest);
  std::error_code error;
  stdfs::create_directories(folder, error);
  if (error) return fs::fail_errno(error.value(), folder);
  return layout.ori_blob(blob.digest);
}

Result<void> copy_blobs(const std::string& from, const std::string& to) {
  std::ifstream list(from + kListName);
  for (std::string line; std::getline(list, line);) {
    const auto blob = parse_line(line);
    if (!blob) return std::unexpected(blob.error());
    const auto place = place_of(*blob, to);
    if (!place) return std::unexpected(place.error());
    auto copied = copy_checked(from + blob_name(blob->digest), *place, blob->digest);
    if (!copied) return copied;
  }
  return {};
}

Result<void> fill(const BackupInfo& info, const std::string& place) {
  for (const auto& path : {place, place + kBlobsName, place + kBlobFolder})
    if (auto made = fs::make_folder(path); !made) return fail(made);
  auto copied = copy_checked(info.path + kDatabaseName, place + kDatabaseName, info.database);
  if (copied) copied = copy_blobs(info.path, place);
  if (copied) copied = restore_files(info.path, place);
  return copied ? sync_file_system(place) : copied;
}

}  // namespace

Result<BackupInfo> restore_backup(const std::string& path, const std::string& data_dir) {
  auto info = open_backup(path);
  if (!info) return info;
  std::error_code error;
  if (stdfs::exists(data_dir, error) && !stdfs::is_empty(data_dir, error))
    return fail(Code::conflict, data_dir + " is not empty; restore into a new folder.");
  auto target = stdfs::absolute(data_dir, error).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();  // it ended in a slash
  const std::string place = target.string() + ".restoring";
  stdfs::create_directories(target.parent_path(), error);
  stdfs::remove_all(place, error);
  auto done = fill(*info, place);
  if (done && ::rename(place.c_str(), target.c_str()) < 0)
    done = fs::fail_errno(errno, "rename " + target.string());
  if (done) done = fs::sync_folder(target.parent_path());
  if (!done) {
    stdfs::remove_all(place, error);
    return fail(done);
  }
  return info;
}

}  // namespace kontor::upkeep
