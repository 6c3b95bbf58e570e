-- The leaves of the transparency logs. As in 0001 the text runs on SQLite and on D1.

-- People are named in leaves by an opaque id, which says nothing once the row is gone.
ALTER TABLE users ADD COLUMN account TEXT NOT NULL DEFAULT '';
UPDATE users SET account = 'acct_' || lower(hex(randomblob(16)));
CREATE UNIQUE INDEX users_by_account ON users(account);

-- A leaf's id is its log (1 public, 2 private, 3 audit) times 281474976710656 plus its index: the
-- leaves of a log lie side by side, and the newest is found by one look.
CREATE TABLE log_leaves (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,                   -- seconds since 1970, as in the leaf; never falls in a log
  leaf BLOB NOT NULL
);

-- Ids of the leaves that tell of publishing; null where that was before there was a log.
ALTER TABLE versions ADD COLUMN logged INTEGER;
ALTER TABLE tombstones ADD COLUMN logged INTEGER;

-- The leaf of an audit row holds its digest under the salt.
ALTER TABLE audit ADD COLUMN salt BLOB;
ALTER TABLE audit ADD COLUMN logged INTEGER;
