-- The revision that last changed or removed a version which had been there before it: as long as it
-- stays, a package has only grown at its end.
ALTER TABLE packages ADD COLUMN rewritten INTEGER NOT NULL DEFAULT 0;
