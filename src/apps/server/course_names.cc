// The keys are those that Progy's tools read in `registry_versions`.
#include "apps/server/course_names.h"

#include "adapters/filesystem/object_names.h"
#include "adapters/sqlite/file_connection.h"

namespace kontor {

Result<void> name_courses(const std::string& database, const fs::BlobLayout& layout) {
  auto db = sqlite::FileConnection::open(database, {.read_only = true});
  if (!db) return fail(db);
  // The view is our own and reads JSON, which connections to strangers' files may not.
  if (auto trusted = (*db)->script("PRAGMA trusted_schema = ON"); !trusted) return trusted;
  const auto names =
      (*db)->all("SELECT storage_key, checksum FROM registry_versions", [](const sqlite::Row& row) {
        const auto digest = Sha256::from_hex(row.text(1));
        return ObjectName{row.text(0), digest.value_or(Sha256{}), {}, {}};
      });
  if (!names) return std::unexpected(names.error());
  return fs::make_names(layout, *names);
}

}  // namespace kontor
