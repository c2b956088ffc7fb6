-- +goose Up

-- What groups have become: plain groups supergroups.
CREATE TABLE moved (
    chat   bigint PRIMARY KEY,
    became bigint NOT NULL CHECK (became <> chat)
);

-- When a board was shown last; NULL: not known.
ALTER TABLE boards ADD COLUMN shown timestamptz;
