-- +goose Up

-- Where the customer sees a ticket: a topic of the private chat. 0: none was
-- made. What is written in it finds its ticket, an ended one too.
ALTER TABLE tickets ADD COLUMN customer_thread bigint NOT NULL DEFAULT 0;
CREATE INDEX tickets_thread ON tickets (customer, customer_thread, id) WHERE customer_thread <> 0;
