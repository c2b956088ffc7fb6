-- +goose Up

-- Both stores have the same versions; a server needs no log of steps.
SELECT 1;
