-- +goose Up

-- What a step of a dialog writes lands on few pages: Telegram numbers the messages
-- of all private chats in one row, so that new ones stand together by number,
-- and not by chat.
DROP INDEX updates_message;
CREATE UNIQUE INDEX updates_message ON updates (message, chat, edited) WHERE chat <> 0;

-- One that is claimed as it is written is never waiting.
DROP INDEX notices_next;
CREATE INDEX notices_next ON notices (priority, id) WHERE state = 'pending';
