-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- What names of a day are hashed with. It is deleted with them when the day is over, and then nothing tells whose they were.
CREATE TABLE street.erasure_keys (
    day date PRIMARY KEY,
    key bytea NOT NULL
);

-- What learners had spent on the day they erased themselves: they may come back the same day, and not spend it twice.
CREATE TABLE street.erased_spend (
    day date NOT NULL REFERENCES street.erasure_keys ON DELETE CASCADE,
    name bytea NOT NULL,
    microusd bigint NOT NULL,
    PRIMARY KEY (day, name),
    CONSTRAINT erased_spend_microusd CHECK (microusd > 0)
);

-- migrate:down
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

DROP TABLE street.erased_spend;
DROP TABLE street.erasure_keys;
