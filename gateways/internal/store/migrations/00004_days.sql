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

-- An instance of the version before purges by ctid, which several partitions have in common: it would delete other rows as well.
-- It is refused and tries again later. This version deletes from single partitions.
-- +goose StatementBegin
create function inbox_purge() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are not deleted one by one: its partitions are dropped', tg_table_name;
end
$$;
-- +goose StatementEnd
create trigger inbox_purge before delete on inbox for each statement execute function inbox_purge();
