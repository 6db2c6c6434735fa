-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- The table is new.

-- migrate:up
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

-- Leave to upload one picture. What came of it is told by the requests made for it.
CREATE TABLE street.uploads (
    id uuid PRIMARY KEY,
    owner text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    asked_at timestamptz
);

CREATE INDEX uploads_by_owner ON street.uploads (owner);

-- Most come to something; the others are forgotten.
CREATE INDEX uploads_unasked ON street.uploads (created_at) WHERE asked_at IS NULL;

-- migrate:down
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '30s';

DROP TABLE street.uploads;
