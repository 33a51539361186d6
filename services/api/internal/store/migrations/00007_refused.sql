-- +goose Up
-- The messages of providers that a gateway has refused by itself, as they were received, with secrets masked.
create table refused_message (
    id          uuid primary key,     -- of the event
    provider    text collate "C" not null,
    protocol    text not null,
    session     text collate "C" not null,
    sequence    bigint not null,
    received_at timestamptz not null, -- the bank's clock
    code        text collate "C" not null,
    text        text not null,
    reference   text not null,        -- '' if it could not be read
    size        bigint not null,      -- of the whole message
    left_out    bigint not null,      -- not 0: no message, but a count of messages that are not kept
    bytes       bytea not null
);
create index refused_message_received on refused_message (received_at desc, id desc);
create index refused_message_provider on refused_message (provider, received_at desc, id desc);
