-- Notes who writes a session's rows, and under which epoch, whenever one of the two is not what it was. Writes of one session
-- follow each other, since each locks the session's row; one that does not is noted nevertheless.
create schema oracle;

create table oracle.session_write (
    id      bigint generated always as identity primary key,
    session text not null,
    epoch   bigint not null,
    writer  text not null, -- application_name of the instance
    at      timestamptz not null default clock_timestamp()
);
create index session_write_session on oracle.session_write (session, id);

create function oracle.note(name text, held bigint) returns void language sql security definer set search_path = '' as $$
    insert into oracle.session_write (session, epoch, writer)
    select name, held, pg_catalog.current_setting('application_name')
    where (held, pg_catalog.current_setting('application_name')) is distinct from (
        select (w.epoch, w.writer) from oracle.session_write w where w.session = name order by w.id desc limit 1)
$$;

create function oracle.session_written() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    perform oracle.note(tg_table_schema || '.' || new.name, new.epoch);
    return null;
end $$;

create function oracle.message_written() returns trigger language plpgsql security definer set search_path = '' as $$
declare
    name text;
    held bigint;
begin
    execute format('select name, epoch from %I.session where id = $1', tg_table_schema) into name, held using new.session;
    perform oracle.note(tg_table_schema || '.' || name, held);
    return null;
end $$;

-- Every gateway has these two tables in its own schema.
do $$
declare
    owner text;
begin
    for owner in
        select s.table_schema from information_schema.tables s join information_schema.tables m using (table_schema)
        where s.table_name = 'session' and m.table_name = 'message' and s.table_schema like '%gateway'
    loop
        execute format('create trigger oracle_session_written after insert or update on %I.session
            for each row execute function oracle.session_written()', owner);
        execute format('create trigger oracle_message_written after insert on %I.message
            for each row execute function oracle.message_written()', owner);
    end loop;
end $$;

-- The observer collects the evidence. Databases of tests have none.
do $$ begin
    if exists (select from pg_roles where rolname = 'observer') then
        grant usage on schema oracle to observer;
        grant select on all tables in schema oracle to observer;
    end if;
end $$;
