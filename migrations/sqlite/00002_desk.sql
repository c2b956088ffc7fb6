-- +goose Up

INSERT INTO ticket_states VALUES
    ('work'), ('waiting'), ('development'), ('put_off'), ('declined'), ('solved'), ('closed'), ('reopened');

-- The words that are looked for are folded by the program: SQLite knows the
-- case of Latin letters only. NULL: filed by an earlier version; the program
-- adds them when it opens the file.
ALTER TABLE tickets ADD COLUMN agent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN wake  INTEGER;
ALTER TABLE tickets ADD COLUMN life  TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(life));
ALTER TABLE tickets ADD COLUMN words TEXT;
CREATE INDEX tickets_wordless ON tickets (id) WHERE words IS NULL;

-- Most tickets have ended, and are in none of these but the one of topics:
-- what is written in the topic of an ended ticket still has to find it.
CREATE INDEX tickets_queue ON tickets (place_group, critical DESC, due IS NULL, due, id)
    WHERE state NOT IN ('solved', 'closed', 'declined');
CREATE INDEX tickets_wake ON tickets (wake) WHERE wake IS NOT NULL;
CREATE INDEX tickets_topic ON tickets (place_group, place_thread) WHERE place_thread <> 0;

-- The desk takes nothing from a customer who is banned.
ALTER TABLE customers ADD COLUMN banned INTEGER NOT NULL DEFAULT 0 CHECK (banned IN (0, 1));

-- Most notices have nothing extra: NULL.
ALTER TABLE notices ADD COLUMN extra TEXT CHECK (json_valid(extra));

-- Messages that stand for one another in two chats.
CREATE TABLE carried (
    id           INTEGER PRIMARY KEY,
    ticket       INTEGER NOT NULL REFERENCES tickets,
    from_chat    INTEGER NOT NULL,
    from_message INTEGER NOT NULL,
    to_chat      INTEGER NOT NULL,
    to_message   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX carried_from ON carried (from_chat, from_message, to_chat, to_message, ticket);
CREATE INDEX carried_to ON carried (to_chat, to_message);

-- The pinned message of a chat that lists its open tickets.
CREATE TABLE boards (
    chat    INTEGER PRIMARY KEY,
    message INTEGER NOT NULL CHECK (message <> 0)
) STRICT;
