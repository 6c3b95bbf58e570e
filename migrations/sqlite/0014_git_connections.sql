-- Accounts of users at a git host. Tokens are sealed under a key beside the database.

CREATE TABLE git_connections (
  user INTEGER PRIMARY KEY,
  login TEXT NOT NULL,
  token BLOB NOT NULL,
  connected INTEGER NOT NULL
);
