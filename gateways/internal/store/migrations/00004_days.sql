-- +goose Up
-- One partition a day, by the day with which an id begins; lambda/postgres/daily makes and drops them. What the table holds
-- stays where it is, under another name.
alter table inbox rename to inbox_before;
alter index inbox_pkey rename to inbox_before_pkey;
alter index inbox_at rename to inbox_before_at;
create table inbox (
    id uuid primary key,
    at timestamptz not null default now()
) partition by range (id);
create index inbox_at on inbox using brin (at) with (pages_per_range = 128, autosummarize = on);
create table inbox_rest partition of inbox default;

-- An instance of the version before may still hold sessions, and looks only into inbox. If its connection to the broker
-- breaks now, what it answered last comes again.
insert into inbox (id, at) select id, at from inbox_before where at > now() - interval '1 minute';
