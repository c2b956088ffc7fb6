-- +goose Up

-- Up to which ticket the index of words was last made one part.
CREATE TABLE words_merged (up_to INTEGER NOT NULL) STRICT;
INSERT INTO words_merged VALUES (0);
