-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- Claim the fairest due jobs: the only way into 'running'. A function, because a statement that comes through a transaction
-- pooler is parsed and planned anew each time, and this one took longer to plan than to run.
-- A last row of nulls says that due work may have been left behind, so look again soon.
--
-- statement_timestamp(), because an index cannot be searched for the ever-changing clock_timestamp().
-- Nothing here ever waits: a row somebody else holds is skipped, so no claim can be part of a deadlock and workers
-- that look at the same moment share the work instead of queueing for the same head.
-- The learner with the fewest running jobs comes first, then the one served longest ago.
-- MATERIALIZED, here and elsewhere: what locks must happen once, in the order it is written.
CREATE FUNCTION street.claim_jobs(
    of_queue text, known_kinds text[], slots integer, by_worker text, lease interval, running_per_owner integer
) RETURNS TABLE (
    id uuid, request_id uuid, owner text, kind text, queue text, input jsonb, input_hash text, attempt integer,
    max_attempts integer, epoch bigint, traceparent text, lag_seconds float8, seq integer, job_id uuid, type text, data jsonb,
    at timestamptz
) LANGUAGE plpgsql
-- Planned once a connection: an ordinary plan would be made again for every other number of slots.
SET plan_cache_mode = force_generic_plan
-- Perhaps planned while the tables are empty, and always without knowing how few rows a claim asks for: all it does is find
-- some by an index and join them one by one.
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
-- Rows nobody can estimate make the plan look dear, and compiling it takes longer than running it.
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    taken integer;
BEGIN
    RETURN QUERY
    WITH due AS MATERIALIZED (
        -- While a provider is away nearly everybody waits for a retry: who has nothing due must not be asked one by one.
        SELECT j.owner FROM street.jobs j
         WHERE j.queue = of_queue AND j.status IN ('queued', 'retrying') AND j.due_at <= statement_timestamp()
           AND j.kind = ANY(known_kinds)
         ORDER BY j.due_at LIMIT 200
    ), candidate AS MATERIALIZED (
        SELECT j.id, j.request_id, s.running + j.rank AS turn, s.served_at
          FROM street.shares s
         CROSS JOIN LATERAL (
               SELECT w.id, w.request_id, row_number() OVER (ORDER BY w.due_at, w.id) AS rank
                 FROM street.jobs w
                -- While a new version is rolled out, a kind this worker has not heard of waits for one that has.
                WHERE w.queue = of_queue AND w.owner = s.owner AND w.status IN ('queued', 'retrying')
                  AND w.due_at <= statement_timestamp() AND w.kind = ANY(known_kinds)
                ORDER BY w.due_at, w.id
                LIMIT running_per_owner) j
         WHERE s.queue = of_queue AND s.waiting > 0 AND s.running + j.rank <= running_per_owner
           AND EXISTS (SELECT FROM due)
           -- Fewer than the limit are all there are; with as many, nearly everybody has one.
           AND ((SELECT count(*) FROM due) = 200 OR s.owner IN (SELECT owner FROM due))
         ORDER BY s.running, s.served_at, s.owner
         -- More than fit: each learner brings up to running_per_owner, and some may be held by somebody else.
         LIMIT slots * running_per_owner + 8
           FOR UPDATE OF s SKIP LOCKED
    ), request AS MATERIALIZED (
        -- The request before the job, the order every other statement keeps.
        SELECT r.id FROM street.requests r
         WHERE r.id IN (SELECT request_id FROM candidate)
           AND r.status IN ('queued', 'running') AND r.cancel_requested_at IS NULL
           FOR UPDATE SKIP LOCKED
    ), picked AS MATERIALIZED (
        SELECT j.id FROM street.jobs j
          JOIN candidate c ON c.id = j.id
          JOIN request r ON r.id = j.request_id
         -- Asked again of the locked row: since the look above, somebody may have started or ended it.
         WHERE j.status IN ('queued', 'retrying')
         ORDER BY c.turn, c.served_at, j.id
         LIMIT slots
           FOR UPDATE OF j SKIP LOCKED
    ), started AS (
        UPDATE street.jobs j
           SET status = 'running', epoch = j.epoch + 1, attempt = j.attempt + 1, worker = by_worker,
               lease_until = clock_timestamp() + lease, started_at = coalesce(j.started_at, clock_timestamp()),
               -- Why an earlier run ended is in its events; nothing is wrong with this one yet.
               error = NULL
          FROM picked WHERE j.id = picked.id
        RETURNING j.id, j.request_id, j.owner, j.kind, j.queue, j.input, j.input_hash, j.attempt, j.max_attempts, j.epoch,
                  j.traceparent, extract(epoch FROM clock_timestamp() - j.due_at)::float8 AS lag_seconds
    ), counted AS (
        UPDATE street.requests r
           SET status = 'running', started_at = coalesce(r.started_at, clock_timestamp()), last_seq = r.last_seq + n.started
          FROM (SELECT request_id, count(*)::int AS started FROM started GROUP BY request_id) n
         WHERE r.id = n.request_id
        RETURNING r.id, r.last_seq - n.started AS seq_before, r.traceparent
    ), told AS (
        INSERT INTO street.events (request_id, seq, job_id, type, data)
        SELECT s.request_id, c.seq_before + row_number() OVER (PARTITION BY s.request_id ORDER BY s.id), s.id, 'job.started',
               jsonb_build_object('kind', s.kind, 'attempt', s.attempt)
          FROM started s JOIN counted c ON c.id = s.request_id
        RETURNING request_id, seq, job_id, type, data, at
    )
    SELECT s.id, s.request_id, s.owner, s.kind, s.queue, s.input, s.input_hash, s.attempt, s.max_attempts, s.epoch,
           coalesce(s.traceparent, c.traceparent) AS traceparent, s.lag_seconds,
           t.seq, t.job_id, t.type, t.data, t.at
      FROM started s JOIN counted c ON c.id = s.request_id JOIN told t ON t.job_id = s.id;

    GET DIAGNOSTICS taken = ROW_COUNT;
    -- What could be claimed now: what somebody held a moment ago, and what did not fit. Nobody with full hands need ask:
    -- whichever job ends first looks again.
    IF taken = slots OR EXISTS (
        SELECT 1 FROM (
            -- From the oldest on: only jobs of the few learners at their limit are passed over on the way.
            -- What nobody may claim must keep nobody looking.
            SELECT j.id FROM street.jobs j JOIN street.shares s ON s.queue = j.queue AND s.owner = j.owner
              JOIN street.requests r ON r.id = j.request_id AND r.cancel_requested_at IS NULL
             WHERE j.queue = of_queue AND j.status IN ('queued', 'retrying') AND j.due_at <= statement_timestamp()
               AND j.kind = ANY(known_kinds) AND s.running < running_per_owner
             ORDER BY j.due_at LIMIT 1) AS next) THEN
        RETURN NEXT;
    END IF;
END $$;

-- migrate:down
DROP FUNCTION street.claim_jobs;
