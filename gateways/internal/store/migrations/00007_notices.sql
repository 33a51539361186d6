-- +goose Up
-- Events that tell of a message to the provider. A row goes in the commit of that message. Any instance publishes it, and then deletes it.
create table notice (
    id    uuid primary key,
    due   timestamptz not null,           -- until then the event may still be replaced by a later one with its id
    event bytea not null
);
create index notice_due on notice (due);
