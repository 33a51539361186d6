-- The session's row, made if this is its first day.
with made as (
    insert into session (name, epoch, generation, created_at, next_in, next_out) values ($1, $2, 1, $3, 1, 1)
    on conflict (name) do nothing
    returning id, epoch, generation, created_at, next_in, next_out
)
select id, epoch, generation, created_at, next_in, next_out from made
union all
select id, epoch, generation, created_at, next_in, next_out from session where name = $1
limit 1
