-- +goose Up

-- Both stores have the same versions; this one's indexes of words are kept in
-- order by autovacuum.
SELECT 1;
