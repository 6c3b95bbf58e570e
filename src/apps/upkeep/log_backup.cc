// Full tiles and bundles never change, so they are linked like blobs.
#include "apps/upkeep/log_backup.h"

#include "adapters/filesystem/files.h"
#include "apps/upkeep/backup_info.h"
#include "apps/upkeep/copies.h"
#include "ports/log_records.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/tile.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace kontor::upkeep {
namespace {

namespace stdfs = std::filesystem;

Result<void> make_folders(const std::string& file) {
  std::error_code error;
  const auto folder = stdfs::path(file).parent_path();
  stdfs::create_directories(folder, error);
  if (!error) stdfs::permissions(folder, stdfs::perms::owner_all, error);
  if (!error) return {};
  return fail(Code::storage_failed, {}, "create the folder of " + file + ": " + error.message());
}

// Nothing where it is no checkpoint.
std::optional<std::uint64_t> size_in(const std::string& checkpoint) {
  std::ifstream file(checkpoint, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  const auto note = tlog::parse_note(bytes.str());
  const auto parsed = note ? tlog::parse_checkpoint(note->text) : std::unexpected(note.error());
  return parsed ? std::optional(parsed->head.size) : std::nullopt;
}

// Whether a path of files.txt stays below the two folders that it may name.
bool is_legal(const std::string& path) {
  const bool known = path.starts_with("log/") || path.starts_with("keys/");
  return known && stdfs::path(path).lexically_normal() == path && path.back() != '/';
}

}  // namespace

Result<void> LogBackup::take_heads(bool with_keys) {
  std::error_code error;
  for (const LogId id : kLogs) {
    const std::string log = "log/" + std::string(to_string(id)), path = log + "/checkpoint";
    if (!stdfs::exists(data_dir_ + "/" + path, error)) continue;
    if (auto taken = take_file(path); !taken) return taken;
    const auto size = size_in(backup_ + "/" + path);
    if (!size)
      return fail(Code::storage_failed, data_dir_ + "/" + path + " is damaged; kontor fsck.");
    published_.push_back({log, *size});
  }
  if (!with_keys) return {};
  auto names = fs::names_in(data_dir_ + "/keys");
  std::ranges::sort(names);
  for (const auto& name : names) {
    if (name.ends_with(".new") || !stdfs::is_regular_file(data_dir_ + "/keys/" + name, error))
      continue;
    if (auto taken = take_file("keys/" + name); !taken) return taken;
  }
  return {};
}

Result<void> LogBackup::take_file(const std::string& path) {
  const std::string to = backup_ + "/" + path;
  if (auto made = make_folders(to); !made) return made;
  const auto digest = copy_file(data_dir_ + "/" + path, to, Durable::later);
  if (!digest) return std::unexpected(digest.error());
  lines_ += digest->hex() + " " + path + "\n";
  return {};
}

Result<void> LogBackup::take_tiles_of(const std::string& log, std::uint64_t size) {
  std::vector<std::string> paths;
  for (const auto& tile : tlog::touched_tiles(0, size))
    if (tile.width == tlog::kTileWidth) paths.push_back(tlog::tile_path(tile));
  for (const auto& bundle : tlog::touched_bundles(0, size))
    if (bundle.width == tlog::kTileWidth) paths.push_back(tlog::bundle_path(bundle));
  for (const auto& tile : paths) {
    const std::string path = log + "/" + tile, to = backup_ + "/" + path;
    if (auto made = make_folders(to); !made) return made;
    if (::link((data_dir_ + "/" + path).c_str(), to.c_str()) != 0) {
      if (auto taken = take_file(path); !taken) return taken;
      continue;
    }
    const auto digest = digest_of_file(to);
    if (!digest) return std::unexpected(digest.error());
    lines_ += digest->hex() + " " + path + "\n";
  }
  return {};
}

Result<void> LogBackup::take_tiles() {
  for (const Published& published : published_)
    if (auto taken = take_tiles_of(published.log, published.size); !taken) return taken;
  const auto list = fs::create_exclusive(backup_ + kFilesName);
  if (!list) return std::unexpected(list.error());
  if (auto written = fs::write_all(*list, lines_); !written) return written;
  return fs::sync_file(*list);
}

Result<void> restore_files(const std::string& backup, const std::string& place) {
  std::ifstream list(backup + kFilesName);
  for (std::string line; std::getline(list, line);) {
    const auto digest = Sha256::from_hex(line.substr(0, std::min<std::size_t>(64, line.size())));
    const std::string path = line.size() > 65 ? line.substr(65) : std::string();
    if (!digest || !is_legal(path))
      return fail(Code::storage_failed, "A line of " + backup + kFilesName + " cannot be read.");
    const std::string from = backup + "/" + path, to = place + "/" + path;
    if (auto made = make_folders(to); !made) return made;
    const auto copied = copy_file(from, to, Durable::later);
    if (!copied && copied.error().code == Code::not_found)
      return fail(Code::storage_failed, from + " is missing from the backup.");
    if (!copied) return std::unexpected(copied.error());
    if (*copied != *digest) return fail(Code::storage_failed, from + " is not what was backed up.");
  }
  return {};
}

}  // namespace kontor::upkeep
