-- +goose Up

-- Where the tables stand beside the log of steps: the log that continues them is the
-- one of this number, and notices up to this one have been written there or here.
CREATE TABLE steps (
    log    INTEGER NOT NULL,
    notice INTEGER NOT NULL
) STRICT;
INSERT INTO steps SELECT random(), coalesce(max(id), 0) FROM notices;
