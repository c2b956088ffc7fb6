-- +goose Up

-- What groups have become: plain groups supergroups.
CREATE TABLE moved (
    chat   INTEGER PRIMARY KEY,
    became INTEGER NOT NULL CHECK (became <> chat)
) STRICT;

-- When a board was shown last; NULL: not known.
ALTER TABLE boards ADD COLUMN shown INTEGER;
