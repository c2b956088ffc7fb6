-- +goose Up

-- What a step of a dialog writes lands on few pages: Telegram numbers the messages
-- of all private chats in one row, so that new ones stand together by number,
-- and not by chat.
DROP INDEX updates_message;
CREATE UNIQUE INDEX updates_message ON updates (message, chat, edited) WHERE chat <> 0;

-- The outbox with checks that cost less. An IN with more than two values makes a
-- table of them for every row, and the program itself writes the JSON.
CREATE TABLE notices_new (
    id        INTEGER PRIMARY KEY,
    chat      INTEGER NOT NULL,
    ticket    INTEGER REFERENCES tickets, -- the rest of the address
    about     INTEGER REFERENCES tickets,
    kind      TEXT    NOT NULL CHECK (kind <> ''),
    priority  INTEGER NOT NULL,
    lang      TEXT    NOT NULL,
    message   TEXT    NOT NULL,
    title     TEXT    NOT NULL,
    target    INTEGER NOT NULL,
    once      INTEGER NOT NULL CHECK (once = 0 OR once = 1),
    merge     TEXT    NOT NULL,
    written   INTEGER NOT NULL,
    after     INTEGER,
    state     TEXT    NOT NULL,
    owner     TEXT    CHECK ((owner IS NOT NULL) = (state = 'sending')),
    claimed   INTEGER CHECK ((claimed IS NOT NULL) = (state = 'sending')),
    settled   INTEGER CHECK ((settled IS NULL AND (state = 'pending' OR state = 'sending'))
                      OR (settled IS NOT NULL AND (state = 'sent' OR state = 'failed' OR state = 'dropped'))),
    attempts  INTEGER NOT NULL,
    doubtful  INTEGER NOT NULL, -- how often the outcome was not known (P2)
    sent      TEXT    NOT NULL,
    cause     TEXT    NOT NULL,
    extra     TEXT              -- most have nothing: NULL
) STRICT;
INSERT INTO notices_new SELECT id, chat, ticket, about, kind, priority, lang, message, title, target, once, merge,
    written, after, state, owner, claimed, settled, attempts, doubtful, sent, cause, extra FROM notices;
DROP TABLE notices;
ALTER TABLE notices_new RENAME TO notices;
-- Only what is open, so that they stay small beside millions of settled ones. One
-- that is claimed as it is written is never waiting.
CREATE INDEX notices_open ON notices (chat, ticket, id) WHERE settled IS NULL;
CREATE INDEX notices_next ON notices (priority, id) WHERE state = 'pending';
CREATE INDEX notices_sending ON notices (claimed) WHERE state = 'sending';
