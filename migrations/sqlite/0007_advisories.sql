-- Advisories, what they say of packages by name, and what follows for packages that are here.

CREATE TABLE advisories (
  id TEXT PRIMARY KEY,
  modified INTEGER NOT NULL,
  withdrawn INTEGER,
  digest BLOB NOT NULL,                  -- SHA-256 of the document
  document TEXT NOT NULL                 -- OSV record, canonical JSON
);
CREATE TABLE advisory_aliases (
  alias TEXT NOT NULL,
  advisory TEXT NOT NULL,
  PRIMARY KEY (alias, advisory)
) WITHOUT ROWID;
CREATE INDEX advisory_aliases_by_advisory ON advisory_aliases(advisory);

-- One row for each package an advisory names; all about a package lie side by side.
CREATE TABLE advisory_subjects (
  ecosystem TEXT NOT NULL,
  name TEXT NOT NULL,
  advisory TEXT NOT NULL,
  format INTEGER,                        -- of packages here; null where there are none of it
  text TEXT NOT NULL,
  PRIMARY KEY (ecosystem, name, advisory)
) WITHOUT ROWID;
CREATE INDEX advisory_subjects_by_advisory ON advisory_subjects(advisory);
-- Counts the changes of what is known about a package, also when nothing is left to know.
CREATE TABLE advisory_marks (
  ecosystem TEXT NOT NULL,
  name TEXT NOT NULL,
  mark INTEGER NOT NULL,
  PRIMARY KEY (ecosystem, name)
) WITHOUT ROWID;

-- Packages to be looked at again, and the rules they were last judged by.
CREATE TABLE advisory_scans (
  format INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (format, name)
) WITHOUT ROWID;
CREATE TABLE advisory_rules (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  rules TEXT NOT NULL
);

CREATE TABLE findings (
  package INTEGER PRIMARY KEY,
  text TEXT NOT NULL
);
ALTER TABLE packages ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;
