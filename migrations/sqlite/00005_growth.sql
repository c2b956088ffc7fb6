-- +goose Up

-- What is asked every few seconds must not read all that waits: an announcement
-- leaves a hundred thousand notices open.
CREATE INDEX notices_next ON notices (priority, id) WHERE settled IS NULL;
CREATE INDEX notices_sending ON notices (claimed) WHERE state = 'sending';
