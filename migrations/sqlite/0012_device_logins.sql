-- Logins that are begun on a device and approved elsewhere (RFC 8628).

CREATE TABLE device_logins (
  id BLOB PRIMARY KEY,               -- SHA-256 of the device code
  code BLOB NOT NULL UNIQUE,         -- SHA-256 of the user code
  client_name TEXT NOT NULL,
  client TEXT NOT NULL,
  expires INTEGER NOT NULL,
  poll_interval INTEGER NOT NULL,    -- milliseconds
  polled INTEGER,
  verdict INTEGER NOT NULL,          -- 0 waiting, 1 approved, 2 denied
  user INTEGER
) WITHOUT ROWID;
CREATE INDEX device_logins_by_client ON device_logins(client, expires);
CREATE INDEX device_logins_expiring ON device_logins(expires);
