-- +goose Up
-- Providers that a person has barred. A provider that was admitted again keeps its row: an older event that comes late finds it.
create table barred (
    provider text primary key,
    in_force boolean not null,
    at       timestamptz not null,        -- when the person said so
    by       text not null,               -- who
    why      text not null
);
