-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- The tables are still small: written before the first release.

-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- What a learner's calls of one day (UTC) cost, those under way included. It refers to no job: who deletes what they made
-- gets no money back.
CREATE TABLE street.spend (
    owner text NOT NULL,
    day date NOT NULL,
    microusd bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, day),
    CONSTRAINT spend_microusd CHECK (microusd >= 0)
);

CREATE INDEX spend_by_day ON street.spend (day);

-- What a call counts as until somebody tells its price, and for good when nobody does.
ALTER TABLE street.provider_calls ADD COLUMN reserved_microusd bigint NOT NULL DEFAULT 0;

-- How long jobs of a kind took lately.
CREATE INDEX jobs_by_success ON street.jobs (kind, finished_at DESC) WHERE status = 'succeeded';

-- migrate:down
DROP INDEX street.jobs_by_success;
ALTER TABLE street.provider_calls DROP COLUMN reserved_microusd;
DROP TABLE street.spend;
