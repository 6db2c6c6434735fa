-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- The tables are still small: written before the first release.

-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- What operators looked at and did. `changed` stays null when the process died in the middle of it.
CREATE TABLE street.audit (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    operator text NOT NULL,
    action text NOT NULL,
    filter jsonb NOT NULL,
    reason text,
    dry_run boolean NOT NULL DEFAULT false,
    matched integer NOT NULL,
    changed integer,
    CONSTRAINT audit_action CHECK (action IN ('list', 'show', 'retry', 'cancel')),
    CONSTRAINT audit_reason CHECK ((action IN ('retry', 'cancel')) = (reason IS NOT NULL)),
    CONSTRAINT audit_changed CHECK (changed BETWEEN 0 AND matched AND (changed = 0 OR NOT dry_run))
);

CREATE INDEX audit_by_filtered_owner ON street.audit ((filter ->> 'owner')) WHERE filter ? 'owner';

-- Workers say every few seconds that they are there; whoever was silent for long is gone.
CREATE TABLE street.workers (
    name text PRIMARY KEY,
    queues text[] NOT NULL,
    seen_at timestamptz NOT NULL
);

-- What one process at a time does, and when somebody last did. An advisory lock would keep two from doing it at once, not
-- one after the other.
CREATE TABLE street.turns (
    name text PRIMARY KEY,
    taken_at timestamptz NOT NULL
);

INSERT INTO street.turns (name, taken_at) VALUES ('numbers', '-infinity');

-- A row stays for everybody who ever asked for something; few run anything now.
CREATE INDEX shares_running ON street.shares (queue) WHERE running > 0;

-- Operators look for what went wrong among everybody's; what went well is found anywhere.
CREATE INDEX requests_by_status ON street.requests (status, id DESC) WHERE status <> 'succeeded';
CREATE INDEX requests_by_failure ON street.requests ((error ->> 'type'), id DESC) WHERE error IS NOT NULL;

-- migrate:down
DROP INDEX street.requests_by_failure;
DROP INDEX street.requests_by_status;
DROP INDEX street.shares_running;
DROP TABLE street.turns;
DROP TABLE street.workers;
DROP TABLE street.audit;
