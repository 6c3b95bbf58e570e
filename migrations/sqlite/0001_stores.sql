-- Packages, accounts and their search index. The same text runs on SQLite and on D1, so there are
-- no triggers, no transactions and no pragmas here, and no integer leaves 53 bits.
--
-- Times are milliseconds since 1970 (UTC), days are days since 1970, digests are raw bytes.
-- Tables refer to each other by integer ids. Foreign keys are not declared: every row is written by
-- one adapter whose changes are checked before their first write.

-- --- accounts ---------------------------------------------------------------------------------

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: old versions name their publisher
  name TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  profile TEXT NOT NULL,
  two_factor INTEGER NOT NULL,           -- 0 off, 1 auth_only, 2 auth_and_writes
  totp_secret BLOB NOT NULL,
  totp_pending INTEGER NOT NULL,
  totp_last_step INTEGER NOT NULL,
  totp_last_by TEXT NOT NULL,
  recovery_codes BLOB NOT NULL,          -- SHA-256 digests, one after the other
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  revision INTEGER NOT NULL
);

CREATE TABLE tokens (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  secret BLOB NOT NULL UNIQUE,           -- SHA-256 of the token; what every request looks up
  user INTEGER NOT NULL,
  name TEXT NOT NULL,
  shown TEXT NOT NULL,
  rights INTEGER NOT NULL,               -- 0 read_only, 1 publish, 2 full
  cidrs TEXT NOT NULL,                   -- JSON array of texts
  packages TEXT NOT NULL,                -- JSON array of texts
  bypass_two_factor INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER,
  last_used INTEGER
);
CREATE INDEX tokens_by_user ON tokens(user, created);

CREATE TABLE web_logins (
  id BLOB PRIMARY KEY,
  page BLOB NOT NULL UNIQUE,
  expires INTEGER NOT NULL,
  approved_by INTEGER
) WITHOUT ROWID;

-- --- packages ---------------------------------------------------------------------------------

-- `popularity` counts the powers of four the downloads have passed. `place` is where the package
-- belongs in the search index: by format, then more popular first, then older first. The index
-- yields rows in order of place, so a search stops as soon as it has enough.
CREATE TABLE packages (
  id INTEGER PRIMARY KEY,
  format INTEGER NOT NULL,               -- 1 npm, 2 ori, 3 progy
  name TEXT NOT NULL,
  collision_key TEXT,                    -- null: collides with nothing
  visibility INTEGER NOT NULL,           -- 0 open, 1 restricted
  revision INTEGER NOT NULL,
  policy_revision INTEGER NOT NULL,
  created INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  unpublished INTEGER,
  downloads INTEGER NOT NULL,            -- of all time
  popularity INTEGER GENERATED ALWAYS AS (
    (downloads >= 1) + (downloads >= 4) + (downloads >= 16) + (downloads >= 64)
    + (downloads >= 256) + (downloads >= 1024) + (downloads >= 4096) + (downloads >= 16384)
    + (downloads >= 65536) + (downloads >= 262144) + (downloads >= 1048576)
    + (downloads >= 4194304) + (downloads >= 16777216) + (downloads >= 67108864)
    + (downloads >= 268435456)) VIRTUAL,
  place INTEGER GENERATED ALWAYS AS (
    format * 17592186044416 + (15 - popularity) * 1099511627776 + id) VIRTUAL
);
CREATE UNIQUE INDEX packages_by_name ON packages(format, name);
CREATE INDEX packages_open ON packages(format, name) WHERE visibility = 0;
CREATE UNIQUE INDEX packages_by_collision ON packages(format, collision_key)
  WHERE collision_key IS NOT NULL;

-- A version's id is its package's id times 2097152 plus a number that rises with each publish: the
-- rows of a package lie side by side in order of publishing, and need no index for that.
CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  package INTEGER NOT NULL,
  version TEXT NOT NULL,
  published INTEGER NOT NULL,
  publisher INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha1 BLOB NOT NULL,
  sha256 BLOB NOT NULL,
  sha512 BLOB NOT NULL,
  deprecated TEXT NOT NULL
);
CREATE UNIQUE INDEX versions_by_number ON versions(package, version);
CREATE UNIQUE INDEX versions_by_file ON versions(package, file_name);

-- The texts of a version, apart from its row and from each other: a reader of one kind does not
-- page through the others.
CREATE TABLE manifests (id INTEGER PRIMARY KEY, fragment TEXT NOT NULL);
CREATE TABLE abbreviated (id INTEGER PRIMARY KEY, fragment TEXT NOT NULL);
CREATE TABLE readmes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);

CREATE TABLE tombstones (
  package INTEGER NOT NULL,
  version TEXT NOT NULL,
  removed INTEGER NOT NULL,
  PRIMARY KEY (package, version)
) WITHOUT ROWID;

CREATE TABLE tags (
  package INTEGER NOT NULL,
  tag TEXT NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (package, tag)
) WITHOUT ROWID;

CREATE TABLE owners (
  package INTEGER NOT NULL,
  user INTEGER NOT NULL,
  role INTEGER NOT NULL,                 -- 0 reader, 1 maintainer
  joined INTEGER NOT NULL,               -- order among the owners
  PRIMARY KEY (package, user)
) WITHOUT ROWID;
CREATE INDEX owners_by_user ON owners(user, package);

CREATE TABLE stars (
  user INTEGER NOT NULL,
  package INTEGER NOT NULL,
  PRIMARY KEY (user, package)
) WITHOUT ROWID;
CREATE INDEX stars_by_package ON stars(package, user);

-- --- downloads --------------------------------------------------------------------------------

CREATE TABLE version_downloads (
  package INTEGER NOT NULL,
  day INTEGER NOT NULL,
  version TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (package, day, version)
) WITHOUT ROWID;

-- Sums of the above, so that neither a page of search hits nor a chart adds up versions.
CREATE TABLE package_downloads (
  package INTEGER NOT NULL,
  day INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (package, day)
) WITHOUT ROWID;
CREATE TABLE format_downloads (
  format INTEGER NOT NULL,
  day INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (format, day)
) WITHOUT ROWID;

-- --- audit ------------------------------------------------------------------------------------

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  token_key TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL,
  request_id TEXT NOT NULL
);

-- --- search (derived: can be rebuilt from the rest and search_entries) --------------------------

-- `facets` are words for the qualifiers of a search: scope, exact keywords and flags, each with
-- U+E000 in front so that they share no posting list with the words of texts. Visibility and owners
-- join them when the row is indexed. Queries ask for them in that column only, where no text of a
-- publisher ever stands.
CREATE TABLE search_entries (
  package INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,                -- rowid in both indexes; see packages.place
  version TEXT NOT NULL,
  published INTEGER NOT NULL,
  description TEXT NOT NULL,
  keywords TEXT NOT NULL,
  author TEXT NOT NULL,
  facets TEXT NOT NULL,
  document TEXT NOT NULL
);

-- Two indexes: names come before texts in every answer, and a word may be in nearly all texts but
-- in few names. Prefixes of up to three letters have posting lists of their own.
CREATE VIRTUAL TABLE search_names USING fts5(
  name, facets,
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3', columnsize = 0
);
CREATE VIRTUAL TABLE search_texts USING fts5(
  name, keywords, description, author, facets,
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3', columnsize = 0
);
