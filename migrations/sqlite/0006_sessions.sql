-- Signed sessions (auth.type jwt) are not stored; only what has ended before its time is.

ALTER TABLE users ADD COLUMN sessions_since INTEGER NOT NULL DEFAULT 0;

CREATE TABLE revoked_sessions (
  id TEXT PRIMARY KEY,
  user INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX revoked_sessions_of_user ON revoked_sessions(user);
CREATE INDEX revoked_sessions_expiring ON revoked_sessions(expires);
