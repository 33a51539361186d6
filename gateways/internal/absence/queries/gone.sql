-- Notes that a session's provider is away, unless that is noted, and tells since when and for how many microseconds it has
-- been. No row where another instance holds the session.
with holder as (
    select name from session where name = $1 and epoch = $2 for share
), noted as (
    insert into absence (session, since) select name, clock_timestamp() from holder
    on conflict (session) do update set since = absence.since
    returning since, told
)
select since, told, extract(epoch from clock_timestamp() - since) from noted
