-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- The tables are still small: written before the first release.

-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- Without the mark, every prune walks all requests that ever ended to find the few whose events are still there.
ALTER TABLE street.requests ADD COLUMN events_pruned boolean NOT NULL DEFAULT false;

DROP INDEX street.requests_by_end;
CREATE INDEX requests_to_prune ON street.requests (finished_at) WHERE finished_at IS NOT NULL AND NOT events_pruned;

-- What a learner asked for before, and asks for again.
CREATE INDEX jobs_by_input ON street.jobs (owner, input_hash);

-- migrate:down
DROP INDEX street.jobs_by_input;
DROP INDEX street.requests_to_prune;
CREATE INDEX requests_by_end ON street.requests (finished_at) WHERE finished_at IS NOT NULL;
ALTER TABLE street.requests DROP COLUMN events_pruned;
