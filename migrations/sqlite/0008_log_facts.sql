-- What the logs have told of settings and keys: each is told again only when it changes.
CREATE TABLE log_facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
