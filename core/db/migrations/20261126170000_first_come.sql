-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- Who is new counts as served when they came. Had they never been served, all of them would stand before everybody else,
-- and among themselves in the order of their names: the last of the alphabet would wait for as long as others keep coming.
ALTER TABLE street.shares ALTER COLUMN served_at SET DEFAULT clock_timestamp();

-- migrate:down
ALTER TABLE street.shares ALTER COLUMN served_at SET DEFAULT '-infinity';
