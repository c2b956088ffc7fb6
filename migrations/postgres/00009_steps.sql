-- +goose Up

-- Versions are those of both stores; a file has a log of steps, which a server does
-- not need.
