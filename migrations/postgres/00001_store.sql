-- +goose Up

-- Pages keep room, so that a row that changes often stays on its page.

-- Updates that were committed, to know them again. Chat, message and edit
-- date name a message; chat is 0 for what is none.
CREATE TABLE updates (
    id      bigint PRIMARY KEY,
    chat    bigint NOT NULL,
    message bigint NOT NULL,
    edited  bigint NOT NULL,
    at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX updates_message ON updates (chat, message, edited) WHERE chat <> 0;

-- The session is json and not jsonb: it is kept as it was given, and jsonb
-- refuses some of what people can send.
CREATE TABLE customers (
    id      bigint PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0),
    lang    text NOT NULL,
    session json,
    wake    timestamptz,
    blocked boolean NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX customers_wake ON customers (wake) WHERE wake IS NOT NULL;

-- A table, so that both stores add a state in the same way.
CREATE TABLE ticket_states (
    state text PRIMARY KEY
);
INSERT INTO ticket_states VALUES ('new');

-- The first ticket is 1001: a number that nobody takes for a position (R3.7).
CREATE TABLE tickets (
    id           bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (START WITH 1001),
    version      bigint NOT NULL CHECK (version > 0),
    draft        text NOT NULL UNIQUE CHECK (draft <> ''),
    customer     bigint NOT NULL REFERENCES customers,
    lang         text NOT NULL,
    topic        text NOT NULL,
    level        text NOT NULL,
    critical     boolean NOT NULL,
    state        text NOT NULL REFERENCES ticket_states,
    report       json NOT NULL,
    opened       timestamptz,
    due          timestamptz,
    place_group  bigint NOT NULL,
    place_thread bigint NOT NULL,
    place_card   bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX tickets_customer ON tickets (customer, id);

CREATE TABLE events (
    id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    ticket     bigint NOT NULL REFERENCES tickets,
    at         timestamptz,
    actor_kind text NOT NULL CHECK (actor_kind IN ('customer', 'agent', 'bot')),
    actor_id   bigint NOT NULL,
    actor_name text NOT NULL,
    kind       text NOT NULL CHECK (kind <> ''),
    data       json NOT NULL
);
CREATE INDEX events_ticket ON events (ticket, id);

-- The outbox. A notice is open until it is settled.
CREATE TABLE notices (
    id        bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    chat      bigint NOT NULL,
    ticket    bigint REFERENCES tickets, -- the rest of the address
    about     bigint REFERENCES tickets,
    kind      text NOT NULL CHECK (kind <> ''),
    priority  smallint NOT NULL,
    lang      text NOT NULL,
    message   json NOT NULL,
    title     json NOT NULL,
    target    bigint NOT NULL,
    once      boolean NOT NULL,
    merge     text NOT NULL,
    written   timestamptz NOT NULL,
    after     timestamptz,
    state     text NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'dropped')),
    owner     text CHECK ((owner IS NOT NULL) = (state = 'sending')),
    claimed   timestamptz CHECK ((claimed IS NOT NULL) = (state = 'sending')),
    settled   timestamptz CHECK ((settled IS NOT NULL) = (state IN ('sent', 'failed', 'dropped'))),
    attempts  integer NOT NULL,
    doubtful  integer NOT NULL, -- how often the outcome was not known (P2)
    sent      json NOT NULL,
    cause     text NOT NULL
) WITH (fillfactor = 70);
-- Only what is open, so that it stays small beside millions of settled ones.
-- A claim changes nothing that stands in it.
CREATE INDEX notices_open ON notices (chat, coalesce(ticket, 0), id) WHERE settled IS NULL;

CREATE TABLE shelf (
    id      bigint PRIMARY KEY,
    chat    bigint NOT NULL,
    message bigint NOT NULL,
    edited  bigint NOT NULL,
    body    bytea NOT NULL,
    cause   text NOT NULL,
    at      timestamptz NOT NULL
);

-- must_change_one fails a write that did not change the one row that it is about. The
-- statements of a write travel together, so the check must be one of them (P4).
-- +goose StatementBegin
CREATE FUNCTION must_change_one(changed bigint, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF changed <> 1 THEN
        RAISE EXCEPTION 'the row is not there or has moved' USING ERRCODE = code;
    END IF;
END
$$;
-- +goose StatementEnd
