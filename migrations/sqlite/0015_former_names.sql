-- Names that users had before they were renamed; nobody else gets them.

CREATE TABLE former_names (
  name TEXT PRIMARY KEY,
  user INTEGER NOT NULL
) WITHOUT ROWID;
