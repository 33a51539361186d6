-- +goose Up
-- The messages of providers by which they asked for trades and line checks, as they were received, with secrets masked.
create table original (
    message_id  uuid primary key, -- of the event that the gateway made of it: a repeat of the event changes nothing
    subject     uuid not null,    -- the trade or the line check
    protocol    text not null,
    session     text not null,
    sequence    bigint not null,
    received_at timestamptz not null,
    bytes       bytea not null
);
create index original_subject on original (subject, received_at);
create index original_received on original using brin (received_at);
