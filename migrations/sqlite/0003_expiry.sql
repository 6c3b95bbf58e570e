-- What expires is found by its time; browser logins count by who started them.

ALTER TABLE web_logins ADD COLUMN client TEXT NOT NULL DEFAULT '';
CREATE INDEX web_logins_by_client ON web_logins(client, expires);
CREATE INDEX web_logins_expiring ON web_logins(expires);
CREATE INDEX tokens_expiring ON tokens(expires) WHERE expires IS NOT NULL;
