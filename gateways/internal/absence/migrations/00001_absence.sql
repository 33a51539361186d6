-- +goose Up
-- Sessions whose providers are away, and since when. Written by who holds the session alone: see the statements.
create table absence (
    session text primary key,
    since   timestamptz not null, -- by the database's clock, like all that is compared with it
    told    boolean not null default false
);
