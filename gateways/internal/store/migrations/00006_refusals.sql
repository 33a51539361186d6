-- +goose Up
-- The provider's messages that the gateway refused by itself. session.next_in cannot pass a message that the broker has not
-- confirmed, so after a takeover the provider also sends those again that were refused after it: they are found here. A row goes in
-- the commit of the refusal.
create table refusal (
    session    int not null,
    generation int not null,
    number     int not null,              -- of the provider's message
    content    bytea not null,            -- SHA-256 of what its sender does not change when it sends the message again
    at         timestamptz not null default now(),
    primary key (session, generation, number)
);
create index refusal_at on refusal using brin (at) with (pages_per_range = 128, autosummarize = on);
