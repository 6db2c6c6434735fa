-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- The version of the price table a call was reserved and settled by; null where no table was asked.
ALTER TABLE street.provider_calls ADD COLUMN prices text;

-- migrate:down
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

ALTER TABLE street.provider_calls DROP COLUMN prices;
