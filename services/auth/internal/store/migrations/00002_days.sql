-- +goose Up
-- One partition a day, by the day with which an id begins; lambda/postgres/daily makes and drops them. What the table holds
-- stays where it is, under another name.
alter table request rename to request_before;
alter index request_pkey rename to request_before_pkey;
drop index request_trade_date;
alter table request_before add column at timestamptz not null default now(); -- it is kept from now on, as if it were new
create index request_before_at on request_before using brin (at) with (pages_per_range = 128, autosummarize = on);
create table request (
    id          uuid primary key,
    digest      text not null,
    first_event uuid not null,
    trade_date  date not null,
    at          timestamptz not null default now()
) partition by range (id);
create index request_at on request using brin (at) with (pages_per_range = 128, autosummarize = on);
create table request_rest partition of request default;

-- A request that was made before is not new: its row refuses a second one, as if it were in the new table.
-- +goose StatementBegin
create function request_before() returns trigger language plpgsql set search_path from current as $$
begin
    if exists (select from request_before where id = new.id) then
        raise unique_violation using message = 'request_before has ' || new.id;
    end if;
    return new;
end
$$;
-- +goose StatementEnd

-- An id of the version before differs from today's id of the same request in its first 16 bits: they were random and are
-- now the trade date. A provider may repeat a request of the last days under today's id.
-- +goose StatementBegin
create function request_id_of_day(id uuid, day date) returns uuid language sql immutable as $$
    select (lpad(to_hex(greatest(0, least(65535, day - date '1970-01-01'))), 4, '0') || substr(id::text, 5))::uuid
$$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
declare
    day date;
begin
    for day in select current_date + n from generate_series(-4, 7) n loop
        execute format('create table %I partition of request for values from (%L) to (%L)', 'request_' || to_char(day, 'YYYYMMDD'),
            request_id_of_day('00000000-0000-0000-0000-000000000000', day), request_id_of_day('00000000-0000-0000-0000-000000000000', day + 1));
    end loop;
    insert into request (id, digest, first_event, trade_date)
    select request_id_of_day(id, trade_date), digest, first_event, trade_date from request_before
    where trade_date >= current_date - 4 and id <> request_id_of_day(id, trade_date)
    on conflict do nothing;
    if exists (select from request_before) then
        create trigger request_before before insert on request for each row execute function request_before();
    end if;
end
$$;
-- +goose StatementEnd

-- A replica of the version before claims a request under the id with which it came. Then the request is also claimed under
-- today's id, or refused if somebody has claimed it under that one.
-- +goose StatementBegin
create function request_of_day() returns trigger language plpgsql set search_path from current as $$
begin
    insert into request (id, digest, first_event, trade_date)
    values (request_id_of_day(new.id, new.trade_date), new.digest, new.first_event, new.trade_date);
    return null;
end
$$;
-- +goose StatementEnd
create trigger request_of_day after insert on request for each row
    when (new.id <> request_id_of_day(new.id, new.trade_date)) execute function request_of_day();

-- A replica of the version before purges by ctid, which several partitions have in common: it would delete other rows as well.
-- It is refused and tries again later. This version deletes from single partitions.
-- +goose StatementBegin
create function request_purge() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are not deleted one by one: its partitions are dropped', tg_table_name;
end
$$;
-- +goose StatementEnd
create trigger request_purge before delete on request for each statement execute function request_purge();
