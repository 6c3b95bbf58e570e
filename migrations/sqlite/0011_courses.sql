-- Progy's tables by the names and columns that its tools know (packages of format 3). Packages and
-- versions are views of the tables that all formats share; downloads are kept one by one.

-- Who downloaded what, for 90 days. Ids begin with the time in milliseconds, twelve hex digits, so
-- that their order is that of the downloads.
CREATE TABLE registry_downloads (
  id TEXT PRIMARY KEY NOT NULL,
  package_id TEXT NOT NULL,              -- packages.id
  version_id TEXT NOT NULL,              -- versions.id
  user_id TEXT,
  ip_address TEXT,
  downloaded_at INTEGER NOT NULL DEFAULT (unixepoch())  -- seconds
);

CREATE VIEW registry_packages AS
  SELECT CAST(p.id AS TEXT) AS id,
    (SELECT CAST(o.user AS TEXT) FROM owners o WHERE o.package = p.id ORDER BY o.joined LIMIT 1)
      AS user_id,
    p.name AS name,
    substr(p.name, instr(p.name, '/') + 1) AS slug,
    (SELECT json_extract(m.fragment, '$.description') FROM tags t
       JOIN versions v ON v.package = t.package AND v.version = t.version
       JOIN manifests m ON m.id = v.id
       WHERE t.package = p.id AND t.tag = 'latest') AS description,
    (SELECT t.version FROM tags t WHERE t.package = p.id AND t.tag = 'latest') AS latest_version,
    p.visibility = 0 AS is_public,
    p.created / 1000 AS created_at,
    p.modified / 1000 AS updated_at
  FROM packages p WHERE p.format = 3;

CREATE VIEW registry_versions AS
  SELECT CAST(v.id AS TEXT) AS id,
    CAST(v.package AS TEXT) AS package_id,
    v.version AS version,
    'packages/' || p.name || '/v' || v.version || '.progy' AS storage_key,
    v.size AS size_bytes,
    lower(hex(v.sha256)) AS checksum,
    json_extract(m.fragment, '$.changelog') AS changelog,
    v.published / 1000 AS created_at
  FROM versions v JOIN packages p ON p.id = v.package JOIN manifests m ON m.id = v.id
  WHERE p.format = 3;

-- What was put in the place of another artifact, by an administrator (ReplaceVersion). The bytes of
-- `sha256` stay.
CREATE TABLE replaced_versions (
  package INTEGER NOT NULL,
  version TEXT NOT NULL,
  replaced INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  logged INTEGER                         -- of the leaf that told of it; null: from before the log
);
CREATE INDEX replaced_versions_by_digest ON replaced_versions(sha256);
