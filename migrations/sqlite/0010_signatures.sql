-- Whether a version still lacks the registry's signature in its fragments: all that were published
-- before there were any do, in the format that has signatures (1, npm). The index is empty once they
-- are signed.
ALTER TABLE versions ADD COLUMN lacks_signature INTEGER NOT NULL DEFAULT 1;
UPDATE versions SET lacks_signature = 0
  WHERE package IN (SELECT id FROM packages WHERE format <> 1);
CREATE INDEX versions_unsigned ON versions(id) WHERE lacks_signature = 1;

-- Bundles that were published with a version; `version` is versions.id.
CREATE TABLE attestations (
  version INTEGER NOT NULL,
  place INTEGER NOT NULL,                -- 0, 1, ... in the order they were put
  predicate_type TEXT NOT NULL,
  bundle TEXT NOT NULL,
  PRIMARY KEY (version, place)
) WITHOUT ROWID;
