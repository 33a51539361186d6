-- +goose Up
-- What the owner of a schema does for the program's role, which may not do it itself: see [Prepare]. Each function runs as the owner and
-- checks what it is asked. A program that owns its schema (in a test) is not bound by how long rows are kept.

-- The tables of facts: rows are inserted, and nobody rewrites them.
create table fact (
    name       text primary key,
    changing   text[] not null, -- columns that may be updated
    forgotten  text not null,   -- the column that tells a row's age; empty: rows stay
    kept       interval not null -- at least
);

-- oldest_kept returns the time before which rows of a table may go: the one that is asked for, or the one until which they are kept.
-- +goose StatementBegin
create function oldest_kept(wanted_of text, wanted timestamptz) returns timestamptz language sql stable security definer set search_path from current as $$
    select case when session_user = current_user then wanted
           else least(wanted, now() - coalesce((select kept from fact where name = wanted_of), interval '1 day')) end
$$;
-- +goose StatementEnd

-- forget_facts deletes rows of a table of facts that are older than an age, at most so many, and returns how many.
-- +goose StatementBegin
create function forget_facts(of_table text, age interval, most integer) returns bigint language plpgsql security definer set search_path from current as $$
declare
    told fact;
    gone bigint;
begin
    select * into told from fact where name = of_table and forgotten <> '';
    if not found then
        raise insufficient_privilege using message = 'rows of ' || of_table || ' stay';
    end if;
    execute format('delete from %1$I where ctid = any (array(select ctid from %1$I where %2$I < $1 limit $2))', of_table, told.forgotten)
        using oldest_kept(of_table, now() - age), most;
    get diagnostics gone = row_count;
    return gone;
end
$$;
-- +goose StatementEnd

-- The rest is for tables in one partition a day: see package daily.

-- +goose StatementBegin
create function daily_first(day integer) returns uuid language sql immutable as $$
    select (right(to_hex(day | 65536), 4) || '0000-0000-0000-0000-000000000000')::uuid
$$;
-- +goose StatementEnd

-- daily_lock locks a table that is kept in days, and no other.
-- +goose StatementBegin
create function daily_lock(of_table text) returns void language plpgsql security definer set search_path from current as $$
begin
    perform from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid
    where p.oid = to_regclass(quote_ident(of_table)) and p.relkind = 'p' and c.relname = of_table || '_rest';
    if not found then
        raise insufficient_privilege using message = of_table || ' is not kept in days';
    end if;
    execute format('lock table only %I in access exclusive mode', of_table);
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_crowded(of_table text, day integer, most_bytes bigint, most_rows bigint) returns boolean
language plpgsql security definer set search_path from current as $$
declare
    rest text := of_table || '_rest';
    crowded boolean;
begin
    execute format('select pg_relation_size(%1$L::regclass) > $1 or (select count(*) from (select from %1$I where id >= $2 and id < $3 limit $4) early) = $4', rest)
        into crowded using most_bytes, daily_first(day), daily_first(day + 1), most_rows;
    return crowded;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_add(of_table text, day integer) returns void language plpgsql security definer set search_path from current as $$
declare
    part text := of_table || '_' || to_char(date '1970-01-01' + day, 'YYYYMMDD');
begin
    perform daily_lock(of_table);
    execute format('create table %I (like %I including all)', part, of_table);
    execute format('with early as (delete from %I where id >= %L and id < %L returning *) insert into %I select * from early',
        of_table || '_rest', daily_first(day), daily_first(day + 1), part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', of_table, part, daily_first(day), daily_first(day + 1));
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_set_aside(of_table text, number bigint) returns void language plpgsql security definer set search_path from current as $$
declare
    rest text := of_table || '_rest';
    before text := of_table || '_before';
    aside text := of_table || '_before_' || number;
begin
    perform daily_lock(of_table);
    execute format('alter table %I detach partition %I', of_table, rest);
    execute format('alter table %I rename to %I', rest, aside);
    execute format('alter table %I inherit %I', aside, before);
    execute format('create table %I (like %I including all)', rest, of_table);
    execute format('alter table %I attach partition %I default', of_table, rest);
    if to_regprocedure(quote_ident(before) || '()') is not null then
        execute format('drop trigger if exists %I on %I', before, of_table);
        execute format('create trigger %I before insert on %I for each row execute function %I()', before, of_table, before);
    end if;
end
$$;
-- +goose StatementEnd

-- daily_may_drop tells whether a table is a day of another, or was set aside from it, and no row of it must be kept.
-- +goose StatementBegin
create function daily_may_drop(of_table text, part text, oldest timestamptz) returns boolean language plpgsql security definer set search_path from current as $$
declare
    young boolean;
begin
    perform from pg_inherits where inhrelid = to_regclass(quote_ident(part)) and part <> of_table || '_rest'
        and inhparent in (to_regclass(quote_ident(of_table)), to_regclass(quote_ident(of_table || '_before')));
    if not found then
        raise insufficient_privilege using message = part || ' is not a day of ' || of_table;
    end if;
    execute format('select exists (select from only %I where at >= $1)', part) into young using oldest_kept(of_table, oldest);
    return not young;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_drop(of_table text, part text, oldest timestamptz) returns void language plpgsql security definer set search_path from current as $$
begin
    perform daily_lock(of_table);
    if daily_may_drop(of_table, part, oldest) then
        execute format('drop table %I', part);
    end if;
end
$$;
-- +goose StatementEnd

-- daily_old tells whether NAME_before has rows of its own, and all of them are old.
-- +goose StatementBegin
create function daily_old(of_table text, oldest timestamptz) returns boolean language plpgsql security definer set search_path from current as $$
declare
    over boolean;
begin
    execute format('select exists (select from only %1$I) and not exists (select from only %1$I where at >= $1)', of_table || '_before')
        into over using oldest_kept(of_table, oldest);
    return over;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_empty(of_table text, oldest timestamptz) returns void language plpgsql security definer set search_path from current as $$
begin
    perform daily_lock(of_table);
    if daily_old(of_table, oldest) then
        execute format('truncate only %I', of_table || '_before');
    end if;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_idle(of_table text) returns boolean language plpgsql security definer set search_path from current as $$
declare
    idle boolean;
begin
    execute format('select exists (select from pg_trigger where tgrelid = %L::regclass and tgname = %L) and not exists (select from %I)',
        quote_ident(of_table), of_table || '_before', of_table || '_before') into idle;
    return idle;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_untrigger(of_table text) returns void language plpgsql security definer set search_path from current as $$
begin
    perform daily_lock(of_table);
    if daily_idle(of_table) then
        execute format('drop trigger %I on %I', of_table || '_before', of_table);
    end if;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_sweep(of_table text, oldest timestamptz, most integer) returns bigint language plpgsql security definer set search_path from current as $$
declare
    gone bigint;
begin
    execute format('delete from %1$I where id = any (array (select id from %1$I where at < $1 limit $2))', of_table || '_rest')
        using oldest_kept(of_table, oldest), most;
    get diagnostics gone = row_count;
    return gone;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function daily_summarize(part text) returns void language plpgsql security definer set search_path from current as $$
begin
    perform brin_summarize_new_values(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
    join pg_am m on m.oid = c.relam where i.indrelid = to_regclass(quote_ident(part)) and m.amname = 'brin';
end
$$;
-- +goose StatementEnd
