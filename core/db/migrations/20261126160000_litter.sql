-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- The tables are still small: written before the first release.

-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- Files whose rows are gone, or never came to be. The api may only sign links: workers delete.
CREATE TABLE street.litter (
    storage_key text PRIMARY KEY,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX litter_due ON street.litter (due_at);

-- Is the file shown again, since the same ask was made once more?
CREATE INDEX artifacts_by_key ON street.artifacts (storage_key);

-- migrate:down
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

DROP INDEX street.artifacts_by_key;
DROP TABLE street.litter;
