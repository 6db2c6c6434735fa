-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- The table is still small: written before the first release.

-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- A learner who leaves takes the deleted ones along.
CREATE INDEX haikus_deleted ON haiku.haikus (owner) WHERE deleted_at IS NOT NULL;

-- migrate:down
DROP INDEX haiku.haikus_deleted;
