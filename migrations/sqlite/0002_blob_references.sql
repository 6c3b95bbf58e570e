-- Whether any version names a blob: asked for every blob when orphans are collected.
CREATE INDEX versions_by_blob ON versions(sha256);
