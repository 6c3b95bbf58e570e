// JSON for people and scripts, lines for what may be millions.
#include "apps/upkeep/backup_info.h"

#include "adapters/filesystem/files.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <fstream>
#include <sstream>

namespace kontor::upkeep {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr std::string_view kOriMark = " ori";

std::unexpected<Error> not_a_backup(const std::string& path) {
  return fail(Code::storage_failed, path + " is not one of this version's backups.");
}

template <class T>
T number(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_number_unsigned() ? it->get<T>() : T{};
}

std::string text(const Json& json, const char* name) {
  const auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

std::string blob_name(const Sha256& digest) {
  return kBlobFolder + ("/" + digest.hex());
}

std::string name_of_backup(Timestamp created) {
  std::string name;
  for (const char c : rfc3339(created).substr(0, 19))
    if (c != '-' && c != ':') name += c;
  return name + "Z";
}

Result<void> write_info(const BackupInfo& info, const std::string& path) {
  const Json json = {{"format", kFormat},
                     {"created", rfc3339(info.created)},
                     {"kontor", info.kontor},
                     {"packages", info.packages},
                     {"versions", info.versions},
                     {"blobs", info.blobs},
                     {"blob_bytes", info.blob_bytes},
                     {"missing", info.missing},
                     {"kontor.db", info.database.hex()},
                     {"blobs.txt", info.blob_list.hex()},
                     {"files.txt", info.file_list.hex()},
                     {"keys", info.keys}};
  const auto file = fs::create_exclusive(path + kInfoName);
  if (!file) return std::unexpected(file.error());
  if (auto written = fs::write_all(*file, json.dump(2) + "\n"); !written) return written;
  return fs::sync_file(*file);
}

Result<BackupInfo> read_info(const std::string& backup) {
  std::ifstream file(backup + kInfoName);
  if (!file) return fail(Code::not_found, "There is no finished backup at " + backup + ".");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  const auto json = Json::parse(bytes.str(), nullptr, false);
  if (!json.is_object() || number<int>(json, "format") != kFormat) return not_a_backup(backup);
  const auto created = parse_rfc3339(text(json, "created"));
  const auto database = Sha256::from_hex(text(json, "kontor.db"));
  const auto list = Sha256::from_hex(text(json, "blobs.txt"));
  if (!created || !database || !list) return not_a_backup(backup);
  return BackupInfo{.path = backup,
                    .created = *created,
                    .kontor = text(json, "kontor"),
                    .packages = number<std::uint64_t>(json, "packages"),
                    .versions = number<std::uint64_t>(json, "versions"),
                    .blobs = number<std::uint64_t>(json, "blobs"),
                    .blob_bytes = number<std::uint64_t>(json, "blob_bytes"),
                    .missing = number<std::uint64_t>(json, "missing"),
                    .database = *database,
                    .blob_list = *list,
                    .file_list = Sha256::from_hex(text(json, "files.txt")).value_or(Sha256{}),
                    .keys = json.value("keys", false)};
}

std::string line_of(const BlobLine& blob) {
  return blob.digest.hex() + " " + std::to_string(blob.size) +
         std::string(blob.ori ? kOriMark : "") + "\n";
}

Result<BlobLine> parse_line(const std::string& line) {
  const auto digest = Sha256::from_hex(line.substr(0, std::min<std::size_t>(64, line.size())));
  BlobLine blob;
  std::string_view text = line;
  blob.ori = text.ends_with(kOriMark);
  if (blob.ori) text.remove_suffix(kOriMark.size());
  const char* const end = text.data() + text.size();
  const bool long_enough = digest && text.size() > 65 && text[64] == ' ';
  if (!long_enough || std::from_chars(text.data() + 65, end, blob.size).ptr != end)
    return fail(Code::storage_failed, "A line of the list of blobs cannot be read.");
  blob.digest = *digest;
  return blob;
}

}  // namespace kontor::upkeep
