-- How versions stand, packages on their way to another owner, and who has claimed a scope.

ALTER TABLE versions ADD COLUMN standing INTEGER NOT NULL DEFAULT 0;  -- 0 listed, 1 yanked, 2 removed, 3 erased

CREATE TABLE transfers (
  package INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  from_user INTEGER NOT NULL,
  to_user INTEGER NOT NULL,
  offered INTEGER NOT NULL,
  expires INTEGER NOT NULL
);

-- A claim whose user is gone counts as none.
CREATE TABLE scopes (
  format INTEGER NOT NULL,
  scope TEXT NOT NULL,
  owner INTEGER NOT NULL,
  claimed INTEGER NOT NULL,
  PRIMARY KEY (format, scope)
) WITHOUT ROWID;

-- How far the allowances of callers are used up by all servers together: microseconds since 1970 at
-- which each is whole again. Keys are hashes.
CREATE TABLE rate_states (
  key INTEGER PRIMARY KEY,
  state INTEGER NOT NULL
);
CREATE INDEX rate_states_by_state ON rate_states(state);
