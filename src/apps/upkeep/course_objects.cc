// Rows come from the views that Progy's tools read, printed by SQLite itself.
#include "apps/upkeep/course_objects.h"

#include "adapters/filesystem/blob_layout.h"
#include "adapters/filesystem/files.h"
#include "adapters/sqlite/file_connection.h"
#include "formats/progy/registry_sql.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <vector>

namespace kontor::upkeep {
namespace {

using Json = nlohmann::ordered_json;
using sqlite::FileConnection;
using sqlite::Row;

constexpr const char* kUsers =
    "SELECT 'INSERT INTO user VALUES(' || quote(CAST(u.id AS TEXT)) || ',' || quote(u.name) || ');'"
    " FROM users u WHERE CAST(u.id AS TEXT) IN (SELECT user_id FROM registry_packages)"
    " ORDER BY u.id";
constexpr const char* kPackages =
    "SELECT 'INSERT INTO registry_packages VALUES(' || quote(id) || ',' || quote(user_id) || ',' ||"
    " quote(name) || ',' || quote(slug) || ',' || quote(description) || ',' ||"
    " quote(latest_version) || ',' || is_public || ',' || created_at || ',' || updated_at || ');'"
    " FROM registry_packages ORDER BY CAST(id AS INTEGER)";
constexpr const char* kVersions =
    "SELECT 'INSERT INTO registry_versions VALUES(' || quote(id) || ',' || quote(package_id) || ','"
    " || quote(version) || ',' || quote(storage_key) || ',' || size_bytes || ',' ||"
    " quote(checksum) || ',' || quote(changelog) || ',' || created_at || ');'"
    " FROM registry_versions ORDER BY CAST(id AS INTEGER)";
constexpr const char* kDownloads =
    "SELECT 'INSERT INTO registry_downloads VALUES(' || quote(id) || ',' || quote(package_id) ||"
    " ',' || quote(version_id) || ',' || quote(user_id) || ',' || quote(ip_address) || ',' ||"
    " downloaded_at || ');' FROM registry_downloads ORDER BY id";

struct Object {
  std::string key;
  std::string checksum;
  std::string version;
  std::string user;
  std::int64_t size = 0;
};

std::unexpected<Error> unwritable(const std::string& path, const std::string& why) {
  return fail(Code::bad_request, path + " cannot be written: " + why + ".");
}

Result<void> write_file(const std::string& path, const std::string& text) {
  const auto file = fs::create_exclusive(path);
  if (!file) return unwritable(path, file.error().cause);
  if (auto written = fs::write_all(*file, text); !written)
    return unwritable(path, written.error().cause);
  return {};
}

Result<void> write_tables(FileConnection& db, const std::string& path) {
  std::string text =
      "PRAGMA defer_foreign_keys=TRUE;\n\n"
      "CREATE TABLE IF NOT EXISTS user (id TEXT PRIMARY KEY NOT NULL, name TEXT);\n\n";
  text += progy::registry_sql();
  for (const char* sql : {kUsers, kPackages, kVersions, kDownloads}) {
    const auto rows = db.all(sql, [](const Row& row) { return row.text(0); });
    if (!rows) return std::unexpected(rows.error());
    for (const auto& row : *rows) text += row + "\n";
  }
  return write_file(path, text);
}

Result<std::vector<Object>> list_objects(FileConnection& db) {
  return db.all(
      "SELECT v.storage_key, v.checksum, v.version, coalesce(p.user_id, ''), v.size_bytes"
      " FROM registry_versions v JOIN registry_packages p ON p.id = v.package_id"
      " ORDER BY v.storage_key",
      [](const Row& row) {
        return Object{row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4)};
      });
}

class Writer {
 public:
  Writer(std::string blobs, std::string folder)
      : layout_{std::move(blobs)}, folder_(std::move(folder)) {}

  Result<void> write(const Object& object) {
    const auto digest = Sha256::from_hex(object.checksum);
    if (!digest) return fail(Code::storage_failed, {}, "a checksum is none");
    const auto blob = fs::locate(layout_, *digest);
    const auto path = folder_ + "/" + object.key;
    std::error_code error;
    if (!std::filesystem::exists(blob, error)) {
      ++done_.missing;
      return {};
    }
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    if (!error) std::filesystem::copy_file(blob, path, error);
    if (error) return unwritable(path, error.message());
    described_[object.key] = {
        {"contentType", "application/octet-stream"},
        {"customMetadata", {{"userId", object.user}, {"version", object.version}}},
        {"size", object.size},
        {"sha256", object.checksum}};
    ++done_.objects;
    done_.bytes += static_cast<std::uint64_t>(object.size);
    return {};
  }
  Result<CourseObjects> finish() {
    if (auto written = write_file(folder_ + "/objects.json", described_.dump(2) + "\n"); !written)
      return fail(written);
    return done_;
  }

 private:
  fs::BlobLayout layout_;
  std::string folder_;
  Json described_ = Json::object();
  CourseObjects done_;
};

}  // namespace

Result<CourseObjects> write_course_objects(const std::string& data_dir, const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(data_dir + "/kontor.db", error))
    return fail(Code::not_found, data_dir + " is no data directory.");
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_empty(folder, error) || error)
    return unwritable(folder, error ? error.message() : "it is not empty");
  auto db = FileConnection::open(data_dir + "/kontor.db", {.read_only = true});
  if (!db) return fail(db);
  // The views are our own and read JSON, which connections to strangers' files may not; and all
  // that follows is of one state.
  if (auto begun = (*db)->script("PRAGMA trusted_schema = ON; BEGIN"); !begun) return fail(begun);
  if (auto written = write_tables(**db, folder + "/registry.sql"); !written) return fail(written);
  const auto objects = list_objects(**db);
  if (!objects) return std::unexpected(objects.error());
  Writer writer(data_dir + "/blobs", folder);
  for (const auto& object : *objects)
    if (auto written = writer.write(object); !written) return fail(written);
  return writer.finish();
}

}  // namespace kontor::upkeep
