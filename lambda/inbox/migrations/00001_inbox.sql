-- +goose Up
-- One row per handled event. It is the outbox as well: emitted holds the events that handling led to, ready to be
-- published again, the same ones, when the broker redelivers the cause.
create table inbox (
    id      uuid primary key,
    emitted bytea compression lz4,
    at      timestamptz not null default now()
);
create index inbox_at on inbox using brin (at) with (pages_per_range = 16, autosummarize = on);
