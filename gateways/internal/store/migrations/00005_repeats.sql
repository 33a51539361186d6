-- +goose Up
-- Repeats of requests that have no final answer yet. A row goes in the commit of the repeat's answer. With its session's row
-- the insert is fenced, so the next holder reads what the last one has acknowledged to the broker.
create table repeat (
    event       uuid primary key,
    session     int not null,
    correlation uuid not null,            -- the trade or the line check that is not decided
    position    bigint not null generated always as identity, -- the order of arrival
    at          timestamptz not null default now(),
    body        bytea not null            -- the event
);
create index repeat_correlation on repeat (session, correlation, position);
