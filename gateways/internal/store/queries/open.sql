-- The session's row under the caller's epoch, made if this is its first day. An older epoch takes nothing: it is answered
-- with the epoch that the row has.
with opened as (
    insert into session (name, epoch, generation, created_at, next_in, next_out) values ($1, $2, 1, $3, 1, 1)
    on conflict (name) do update set epoch = excluded.epoch where session.epoch <= excluded.epoch
    returning id, epoch, generation, created_at, next_in, next_out, recall_from
)
select id, epoch, generation, created_at, next_in, next_out, recall_from from opened
union all
select id, epoch, generation, created_at, next_in, next_out, recall_from from session
where name = $1 and not exists (select from opened)
