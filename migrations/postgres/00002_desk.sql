-- +goose Up

INSERT INTO ticket_states VALUES
    ('work'), ('waiting'), ('development'), ('put_off'), ('declined'), ('solved'), ('closed'), ('reopened');

-- The words that are looked for are folded by the program: what PostgreSQL
-- makes of Cyrillic letters depends on the server's locale. NULL: filed by an
-- earlier version; the program adds them when it opens the database.
ALTER TABLE tickets
    ADD COLUMN agent bigint NOT NULL DEFAULT 0,
    ADD COLUMN wake  timestamptz,
    ADD COLUMN life  json NOT NULL DEFAULT '{}',
    ADD COLUMN words text;
CREATE INDEX tickets_wordless ON tickets (id) WHERE words IS NULL;

-- Most tickets have ended, and are in none of these but the one of topics:
-- what is written in the topic of an ended ticket still has to find it.
CREATE INDEX tickets_queue ON tickets (place_group, critical DESC, due, id)
    WHERE state NOT IN ('solved', 'closed', 'declined');
CREATE INDEX tickets_wake ON tickets (wake) WHERE wake IS NOT NULL;
CREATE INDEX tickets_topic ON tickets (place_group, place_thread, id) WHERE place_thread <> 0;

-- The desk takes nothing from a customer who is banned.
ALTER TABLE customers ADD COLUMN banned boolean NOT NULL DEFAULT false;

-- Most notices have nothing extra: NULL.
ALTER TABLE notices ADD COLUMN extra json;

-- Messages that stand for one another in two chats.
CREATE TABLE carried (
    id           bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    ticket       bigint NOT NULL REFERENCES tickets,
    from_chat    bigint NOT NULL,
    from_message bigint NOT NULL,
    to_chat      bigint NOT NULL,
    to_message   bigint NOT NULL
);
CREATE UNIQUE INDEX carried_from ON carried (from_chat, from_message, to_chat, to_message, ticket);
CREATE INDEX carried_to ON carried (to_chat, to_message);

-- The pinned message of a chat that lists its open tickets.
CREATE TABLE boards (
    chat    bigint PRIMARY KEY,
    message bigint NOT NULL CHECK (message <> 0)
);
