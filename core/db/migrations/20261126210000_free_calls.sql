-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- Nothing is taken for this call, and somebody knows it. A reservation of nothing may as well be a price nobody knows.
ALTER TABLE street.provider_calls ADD COLUMN is_free boolean NOT NULL DEFAULT false;

-- migrate:down
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

ALTER TABLE street.provider_calls DROP COLUMN is_free;
