-- The lock on the session's row orders this before the next holder's Open, or finds that holder's epoch.
with fence as (
    select id from session where id = $1 and epoch = $2 for share
), kept as (
    insert into repeat (session, event, correlation, body) select fence.id, $3, $4, $5 from fence on conflict do nothing
)
select count(*) from fence
