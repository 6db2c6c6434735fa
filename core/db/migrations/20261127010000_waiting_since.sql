-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- The table is still small: written before the first release.

-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- Since when a job has been waiting for a worker: what ages, lags and the number of workers are counted from. `due_at` says from
-- when it may run, and is its place among its learner's jobs, which one that comes back keeps: it has waited for minutes by that,
-- also when it ran for all of them.
-- The default of rows that are there must not be volatile, or all of them are written anew.
ALTER TABLE street.jobs ADD COLUMN waiting_since timestamptz NOT NULL DEFAULT statement_timestamp();
ALTER TABLE street.jobs ALTER COLUMN waiting_since SET DEFAULT clock_timestamp();
UPDATE street.jobs SET waiting_since = due_at WHERE status IN ('queued', 'retrying');

CREATE INDEX jobs_by_wait ON street.jobs (queue, waiting_since) WHERE status IN ('queued', 'retrying');

CREATE FUNCTION street.begin_to_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What is put off waits for a worker only once it is due.
    NEW.waiting_since := greatest(NEW.due_at, clock_timestamp());
    RETURN NEW;
END $$;

-- A trigger, so that none of the ways back into the line can forget it, nor a process of the version before.
CREATE TRIGGER jobs_wait BEFORE UPDATE ON street.jobs
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status IN ('queued', 'retrying'))
    EXECUTE FUNCTION street.begin_to_wait();

-- One word of the claim changes; the rest stands where it was written, with its reasons.
DO $$ BEGIN
    EXECUTE replace(pg_get_functiondef('street.claim_jobs'::regproc),
                    'clock_timestamp() - j.due_at', 'clock_timestamp() - j.waiting_since');
END $$;

-- migrate:down
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

DO $$ BEGIN
    EXECUTE replace(pg_get_functiondef('street.claim_jobs'::regproc),
                    'clock_timestamp() - j.waiting_since', 'clock_timestamp() - j.due_at');
END $$;
DROP TRIGGER jobs_wait ON street.jobs;
DROP FUNCTION street.begin_to_wait;
DROP INDEX street.jobs_by_wait;
ALTER TABLE street.jobs DROP COLUMN waiting_since;
