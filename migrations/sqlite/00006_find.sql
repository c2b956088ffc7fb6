-- +goose Up

-- The words by which tickets are found, folded by the program: SQLite knows the
-- case of Latin letters only. Tickets that an earlier version filed get theirs
-- when the program opens the file.
DROP INDEX tickets_wordless;
ALTER TABLE tickets DROP COLUMN words;

-- Words that are not in the index yet, or have changed: few, and read one by one.
CREATE TABLE fresh_words (
    ticket INTEGER PRIMARY KEY REFERENCES tickets,
    words  TEXT NOT NULL
) STRICT;

-- The words of ticket rowid, and an index of their beginnings, of the lengths of
-- tickets.IndexedLengths.
CREATE VIRTUAL TABLE ticket_words USING fts5 (
    words, detail = none, columnsize = 0, tokenize = 'ascii', prefix = '3 4 5 6 7 8 9 10 11 12 16'
);
-- To find the newest tickets of a word, the last page with it is read whole.
INSERT INTO ticket_words (ticket_words, rank) VALUES ('pgsz', 1000);
