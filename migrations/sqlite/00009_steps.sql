-- +goose Up

-- Where the tables stand beside the log of steps: the log that continues them is the
-- one of this number, from this many bytes of it on. Notices up to this one have been
-- written there or here.
CREATE TABLE steps (
    log    INTEGER NOT NULL,
    folded INTEGER NOT NULL,
    notice INTEGER NOT NULL
) STRICT;
INSERT INTO steps SELECT random(), 0, coalesce(max(id), 0) FROM notices;

-- A session is written with every step, so it is not read once more for that: the
-- program sees to it that it is JSON.
ALTER TABLE customers ADD COLUMN talk TEXT;
UPDATE customers SET talk = session;
ALTER TABLE customers DROP COLUMN session;
ALTER TABLE customers RENAME COLUMN talk TO session;
