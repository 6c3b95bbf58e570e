-- What packages cost, and who has bought them. Amounts are in the currency's smallest unit.

CREATE TABLE package_prices (
  package_id INTEGER PRIMARY KEY,
  price_cents INTEGER NOT NULL,
  currency TEXT NOT NULL
);

CREATE TABLE user_purchases (
  number INTEGER PRIMARY KEY,            -- in order of noting
  id TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  package_id INTEGER NOT NULL,
  price_cents INTEGER NOT NULL,
  currency TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_ref TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
);
CREATE UNIQUE INDEX user_purchases_by_reference ON user_purchases(provider, provider_ref);
CREATE INDEX user_purchases_of_user ON user_purchases(user_id, package_id);
CREATE INDEX user_purchases_of_package ON user_purchases(package_id);
