-- One group commit: the session's numbers, the messages with them, the events that they answer. Nothing at all if the
-- epoch is no longer ours. A repeat, after a commit whose outcome got lost, changes nothing.
with fence as (
    update session set generation = $3, created_at = $4, next_in = $5, next_out = $6, recall_from = $14, updated_at = now()
    where id = $1 and epoch = $2
    returning id
), messages as (
    insert into message (session, generation, seq, body)
    select fence.id, m.generation, m.seq, m.body
    from fence, unnest($7::int[], $8::int[], $9::bytea[]) as m (generation, seq, body)
    on conflict do nothing
), events as (
    insert into inbox (id) select e from fence, unnest($10::uuid[]) as e on conflict do nothing
), answers as (
    insert into answer (session, correlation, msg_type, body)
    select fence.id, a.correlation, a.msg_type, a.body
    from fence, unnest($11::uuid[], $12::text[], $13::bytea[]) as a (correlation, msg_type, body)
    on conflict do nothing
), repeats as (
    delete from repeat using fence where repeat.event = any($15::uuid[])
), refusals as (
    insert into refusal (session, generation, number, content)
    select fence.id, r.generation, r.number, r.content
    from fence, unnest($16::int[], $17::int[], $18::bytea[]) as r (generation, number, content)
    on conflict (session, generation, number) do update set content = excluded.content, at = now()
), notices as (
    insert into notice (id, due, event)
    select n.id, now() + n.wait, n.event
    from fence, unnest($19::uuid[], $20::interval[], $21::bytea[]) as n (id, wait, event)
    on conflict (id) do update set event = excluded.event
)
select count(*) from fence
