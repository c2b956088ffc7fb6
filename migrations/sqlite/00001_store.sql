-- +goose Up

-- Instants are microseconds since 1970 UTC; NULL: none.

-- Updates that were committed, to know them again. Chat, message and edit
-- date name a message; chat is 0 for what is none.
CREATE TABLE updates (
    id      INTEGER PRIMARY KEY,
    chat    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    edited  INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX updates_message ON updates (chat, message, edited) WHERE chat <> 0;

CREATE TABLE customers (
    id      INTEGER PRIMARY KEY,
    version INTEGER NOT NULL CHECK (version > 0),
    lang    TEXT    NOT NULL,
    session TEXT    CHECK (json_valid(session)),
    wake    INTEGER,
    blocked INTEGER NOT NULL CHECK (blocked IN (0, 1))
) STRICT;
CREATE INDEX customers_wake ON customers (wake) WHERE wake IS NOT NULL;

-- A table, so that a new state is a new row and needs no new tickets table.
CREATE TABLE ticket_states (
    state TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO ticket_states VALUES ('new');

CREATE TABLE tickets (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    version      INTEGER NOT NULL CHECK (version > 0),
    draft        TEXT    NOT NULL UNIQUE CHECK (draft <> ''),
    customer     INTEGER NOT NULL REFERENCES customers,
    lang         TEXT    NOT NULL,
    topic        TEXT    NOT NULL,
    level        TEXT    NOT NULL,
    critical     INTEGER NOT NULL CHECK (critical IN (0, 1)),
    state        TEXT    NOT NULL REFERENCES ticket_states,
    report       TEXT    NOT NULL CHECK (json_valid(report)),
    opened       INTEGER,
    due          INTEGER,
    place_group  INTEGER NOT NULL,
    place_thread INTEGER NOT NULL,
    place_card   INTEGER NOT NULL
) STRICT;
CREATE INDEX tickets_customer ON tickets (customer);
-- The first ticket is 1001: a number that nobody takes for a position (R3.7).
INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', 1000);

CREATE TABLE events (
    id         INTEGER PRIMARY KEY,
    ticket     INTEGER NOT NULL REFERENCES tickets,
    at         INTEGER,
    actor_kind TEXT    NOT NULL CHECK (actor_kind IN ('customer', 'agent', 'bot')),
    actor_id   INTEGER NOT NULL,
    actor_name TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    data       TEXT    NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE INDEX events_ticket ON events (ticket);

-- The outbox. A notice is open until it is settled.
CREATE TABLE notices (
    id        INTEGER PRIMARY KEY,
    chat      INTEGER NOT NULL,
    ticket    INTEGER REFERENCES tickets, -- the rest of the address
    about     INTEGER REFERENCES tickets,
    kind      TEXT    NOT NULL CHECK (kind <> ''),
    priority  INTEGER NOT NULL,
    lang      TEXT    NOT NULL,
    message   TEXT    NOT NULL CHECK (json_valid(message)),
    title     TEXT    NOT NULL CHECK (json_valid(title)),
    target    INTEGER NOT NULL,
    once      INTEGER NOT NULL CHECK (once IN (0, 1)),
    merge     TEXT    NOT NULL,
    written   INTEGER NOT NULL,
    after     INTEGER,
    state     TEXT    NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'dropped')),
    owner     TEXT    CHECK ((owner IS NOT NULL) = (state = 'sending')),
    claimed   INTEGER CHECK ((claimed IS NOT NULL) = (state = 'sending')),
    settled   INTEGER CHECK ((settled IS NOT NULL) = (state IN ('sent', 'failed', 'dropped'))),
    attempts  INTEGER NOT NULL,
    doubtful  INTEGER NOT NULL, -- how often the outcome was not known (P2)
    sent      TEXT    NOT NULL CHECK (json_valid(sent)),
    cause     TEXT    NOT NULL
) STRICT;
-- Only what is open, so that it stays small beside millions of settled ones.
CREATE INDEX notices_open ON notices (chat, ticket, id) WHERE settled IS NULL;

CREATE TABLE shelf (
    id      INTEGER PRIMARY KEY,
    chat    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    edited  INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    cause   TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
