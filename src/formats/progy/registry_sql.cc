// Columns and indexes by the source's sections 3 and 8.
#include "formats/progy/registry_sql.h"

namespace kontor::progy {

std::string_view registry_sql() {
  return R"sql(-- The tables of a Progy registry, for SQLite and D1.

CREATE TABLE IF NOT EXISTS registry_packages (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES user(id),
    name TEXT NOT NULL UNIQUE,
    slug TEXT NOT NULL,
    description TEXT,
    latest_version TEXT,
    is_public INTEGER DEFAULT 1,
    created_at INTEGER NOT NULL DEFAULT (unixepoch()),
    updated_at INTEGER NOT NULL DEFAULT (unixepoch())
);
CREATE INDEX IF NOT EXISTS registry_packages_user_id_idx ON registry_packages(user_id);
CREATE UNIQUE INDEX IF NOT EXISTS registry_packages_name_idx ON registry_packages(name);

CREATE TABLE IF NOT EXISTS registry_versions (
    id TEXT PRIMARY KEY NOT NULL,
    package_id TEXT NOT NULL REFERENCES registry_packages(id),
    version TEXT NOT NULL,
    storage_key TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    checksum TEXT NOT NULL,
    changelog TEXT,
    created_at INTEGER NOT NULL DEFAULT (unixepoch())
);
CREATE UNIQUE INDEX IF NOT EXISTS registry_versions_pkg_ver_idx
    ON registry_versions(package_id, version);

CREATE TABLE IF NOT EXISTS registry_downloads (
    id TEXT PRIMARY KEY NOT NULL,
    package_id TEXT NOT NULL,
    version_id TEXT NOT NULL,
    user_id TEXT,
    ip_address TEXT,
    downloaded_at INTEGER NOT NULL DEFAULT (unixepoch())
);
)sql";
}

}  // namespace kontor::progy
