-- squawk-ignore-file require-concurrent-index-creation, require-lock-timeout, require-statement-timeout
-- Nobody reads or writes tables that have just been made.

-- migrate:up
CREATE SCHEMA street;

-- The legal moves. A trigger refuses every other one; tests walk the same rows.
CREATE TABLE street.job_moves (
    before text NOT NULL,
    after text NOT NULL,
    PRIMARY KEY (before, after)
);

INSERT INTO street.job_moves (before, after) VALUES
    ('queued', 'running'), ('queued', 'canceled'), ('queued', 'failed'),
    ('running', 'succeeded'), ('running', 'failed'), ('running', 'canceled'), ('running', 'retrying'),
    ('retrying', 'running'), ('retrying', 'canceled'), ('retrying', 'failed'),
    ('failed', 'queued');

CREATE TABLE street.request_moves (
    before text NOT NULL,
    after text NOT NULL,
    PRIMARY KEY (before, after)
);

INSERT INTO street.request_moves (before, after) VALUES
    ('queued', 'running'), ('queued', 'canceled'), ('queued', 'failed'),
    ('running', 'succeeded'), ('running', 'failed'), ('running', 'canceled'),
    ('failed', 'running');

CREATE TABLE street.requests (
    id uuid PRIMARY KEY,
    owner text NOT NULL,
    product text NOT NULL,
    resource_id uuid NOT NULL,
    input jsonb NOT NULL,
    status text NOT NULL DEFAULT 'queued',
    jobs_total integer NOT NULL,
    jobs_open integer NOT NULL,
    jobs_failed integer NOT NULL DEFAULT 0,
    last_seq integer NOT NULL,
    deadline timestamptz NOT NULL,
    cancel_requested_at timestamptz,
    cost_microusd bigint DEFAULT 0,
    idempotency_key text,
    request_hash text,
    error jsonb,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT requests_idempotency UNIQUE (owner, idempotency_key),
    CONSTRAINT requests_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'canceled')),
    CONSTRAINT requests_counts CHECK (jobs_open BETWEEN 0 AND jobs_total AND jobs_failed BETWEEN 0 AND jobs_total),
    CONSTRAINT requests_over CHECK ((jobs_open = 0) = (status IN ('succeeded', 'failed', 'canceled'))),
    CONSTRAINT requests_finished CHECK ((finished_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'canceled')))
);

CREATE INDEX requests_by_owner ON street.requests (owner, id DESC);
CREATE INDEX requests_by_resource ON street.requests (resource_id, id);
CREATE INDEX requests_by_deadline ON street.requests (deadline) WHERE finished_at IS NULL;
CREATE INDEX requests_by_key_age ON street.requests (created_at) WHERE idempotency_key IS NOT NULL;
CREATE INDEX requests_by_end ON street.requests (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE street.jobs (
    id uuid PRIMARY KEY,
    request_id uuid NOT NULL REFERENCES street.requests (id) ON DELETE CASCADE,
    owner text NOT NULL,
    kind text NOT NULL,
    queue text NOT NULL,
    input jsonb NOT NULL,
    input_hash text NOT NULL,
    status text NOT NULL DEFAULT 'queued',
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempt integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL,
    epoch bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    worker text,
    lost_leases integer NOT NULL DEFAULT 0,
    result jsonb,
    artifact text,
    provider text,
    model text,
    usage jsonb,
    cost_microusd bigint,
    error jsonb,
    parent uuid REFERENCES street.jobs (id) ON DELETE CASCADE,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT jobs_status CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'canceled', 'retrying')),
    CONSTRAINT jobs_lease CHECK ((status = 'running') = (lease_until IS NOT NULL)),
    CONSTRAINT jobs_worker CHECK ((status = 'running') = (worker IS NOT NULL)),
    CONSTRAINT jobs_finished CHECK ((finished_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'canceled'))),
    CONSTRAINT jobs_result CHECK ((status = 'succeeded') <= (result IS NOT NULL)),
    CONSTRAINT jobs_attempt CHECK (attempt >= 0)
);

-- The claim walks one learner's due jobs in one queue; the gauge reads the oldest of a queue.
CREATE INDEX jobs_waiting ON street.jobs (queue, owner, due_at, id) WHERE status IN ('queued', 'retrying');
CREATE INDEX jobs_due ON street.jobs (queue, due_at) WHERE status IN ('queued', 'retrying');
CREATE INDEX jobs_leases ON street.jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_by_request ON street.jobs (request_id, id);
CREATE INDEX jobs_by_parent ON street.jobs (parent) WHERE parent IS NOT NULL;

CREATE TABLE street.events (
    request_id uuid NOT NULL REFERENCES street.requests (id) ON DELETE CASCADE,
    seq integer NOT NULL,
    job_id uuid,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (request_id, seq),
    CONSTRAINT events_seq CHECK (seq >= 1)
);

CREATE TABLE street.artifacts (
    hash text PRIMARY KEY,
    owner text NOT NULL,
    storage_key text NOT NULL,
    media_type text NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    result jsonb NOT NULL,
    paid jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX artifacts_by_owner ON street.artifacts (owner);

-- Written before a provider is called and closed after: what is still 'intent' when its job moved on may have been paid.
CREATE TABLE street.provider_calls (
    job_id uuid NOT NULL REFERENCES street.jobs (id) ON DELETE CASCADE,
    epoch bigint NOT NULL,
    owner text NOT NULL,
    state text NOT NULL DEFAULT 'intent',
    provider text,
    model text,
    usage jsonb,
    cost_microusd bigint,
    called_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    PRIMARY KEY (job_id, epoch),
    CONSTRAINT provider_calls_state CHECK (state IN ('intent', 'ok', 'failed'))
);

-- How much of each queue a learner waits for and holds: what makes the claim fair without counting rows.
CREATE TABLE street.shares (
    queue text NOT NULL,
    owner text NOT NULL,
    waiting integer NOT NULL DEFAULT 0,
    running integer NOT NULL DEFAULT 0,
    served_at timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (queue, owner),
    CONSTRAINT shares_counts CHECK (waiting >= 0 AND running >= 0)
);

CREATE INDEX shares_turn ON street.shares (queue, running, served_at, owner) WHERE waiting > 0;

CREATE TABLE street.tickets (
    hash text PRIMARY KEY,
    owner text NOT NULL,
    expires_at timestamptz NOT NULL,
    session_ends_at timestamptz NOT NULL
);

CREATE FUNCTION street.refuse_illegal_job_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM street.job_moves WHERE before = OLD.status AND after = NEW.status) THEN
        RAISE EXCEPTION 'job % may not move from % to %', NEW.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER jobs_moves BEFORE UPDATE ON street.jobs
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION street.refuse_illegal_job_move();

CREATE FUNCTION street.refuse_illegal_request_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM street.request_moves WHERE before = OLD.status AND after = NEW.status) THEN
        RAISE EXCEPTION 'request % may not move from % to %', NEW.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER requests_moves BEFORE UPDATE ON street.requests
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION street.refuse_illegal_request_move();

CREATE FUNCTION street.refuse_going_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the epoch of a job and the last_seq of a request never fall' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER jobs_epoch BEFORE UPDATE ON street.jobs
    FOR EACH ROW WHEN (NEW.epoch < OLD.epoch) EXECUTE FUNCTION street.refuse_going_back();
CREATE TRIGGER requests_seq BEFORE UPDATE ON street.requests
    FOR EACH ROW WHEN (NEW.last_seq < OLD.last_seq) EXECUTE FUNCTION street.refuse_going_back();

-- Queues in one fixed order, text first: a finishing text job adds image and speech jobs, so every statement
-- locks a learner's shares in the same order and none waits for another in a circle.
CREATE FUNCTION street.count_new_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO street.shares AS s (queue, owner, waiting)
    SELECT queue, owner, count(*) FROM added WHERE status IN ('queued', 'retrying')
     GROUP BY queue, owner ORDER BY queue DESC, owner
    ON CONFLICT (queue, owner) DO UPDATE SET waiting = s.waiting + excluded.waiting;
    RETURN NULL;
END $$;

CREATE TRIGGER jobs_added AFTER INSERT ON street.jobs
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION street.count_new_jobs();

CREATE FUNCTION street.count_moved_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved record;
BEGIN
    FOR moved IN
        SELECT n.queue, n.owner,
               sum((n.status IN ('queued', 'retrying'))::int - (o.status IN ('queued', 'retrying'))::int) AS waiting,
               sum((n.status = 'running')::int - (o.status = 'running')::int) AS running,
               bool_or(n.status = 'running') AS served
          FROM before o JOIN after n USING (id)
         WHERE o.status <> n.status
         GROUP BY n.queue, n.owner ORDER BY n.queue DESC, n.owner
    LOOP
        UPDATE street.shares
           SET waiting = shares.waiting + moved.waiting,
               running = shares.running + moved.running,
               served_at = CASE WHEN moved.served THEN clock_timestamp() ELSE served_at END
         WHERE queue = moved.queue AND owner = moved.owner;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER jobs_moved AFTER UPDATE ON street.jobs
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION street.count_moved_jobs();

CREATE FUNCTION street.count_gone_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE street.shares s
       SET waiting = s.waiting - g.waiting, running = s.running - g.running
      FROM (SELECT queue, owner,
                   count(*) FILTER (WHERE status IN ('queued', 'retrying')) AS waiting,
                   count(*) FILTER (WHERE status = 'running') AS running
              FROM gone GROUP BY queue, owner) g
     WHERE s.queue = g.queue AND s.owner = g.owner;
    RETURN NULL;
END $$;

CREATE TRIGGER jobs_gone AFTER DELETE ON street.jobs
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION street.count_gone_jobs();

CREATE SCHEMA haiku;

-- Nothing more: the poem, its media and its status are the fold of the requests made for it.
CREATE TABLE haiku.haikus (
    id uuid PRIMARY KEY,
    owner text NOT NULL,
    topic text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deleted_at timestamptz
);

CREATE INDEX haikus_by_owner ON haiku.haikus (owner, id DESC) WHERE deleted_at IS NULL;

-- migrate:down
DROP SCHEMA haiku CASCADE;
DROP SCHEMA street CASCADE;
