-- +goose Up
-- One partition a day, by the day with which an id begins; lambda/postgres/daily makes and drops them. Nothing is copied:
-- what the table holds stays where it is, under another name. A replica of the version before goes on beside new ones.
alter table inbox rename to inbox_before;
alter index inbox_pkey rename to inbox_before_pkey;
alter index inbox_at rename to inbox_before_at;
create table inbox (
    id      uuid primary key,
    emitted bytea compression lz4,
    at      timestamptz not null default now()
) partition by range (id);
create index inbox_at on inbox using brin (at) with (pages_per_range = 128, autosummarize = on);
create table inbox_rest partition of inbox default;

-- What was handled before is not handled again: its row refuses a second one, as if it were in the new table.
-- +goose StatementBegin
create function inbox_before() returns trigger language plpgsql set search_path from current as $$
begin
    if exists (select from inbox_before where id = new.id) then
        raise unique_violation using message = 'inbox_before has ' || new.id;
    end if;
    return new;
end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
begin
    if exists (select from inbox_before) then
        create trigger inbox_before before insert on inbox for each row execute function inbox_before();
    end if;
end
$$;
-- +goose StatementEnd
