with saved as (
    insert into move (id, gateway, provider, origin, target, target_since, epoch, reason, commanded_by, state, why, attempt,
        requested_at, ended_at, left_at, taken_at, logged_on_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
    on conflict (id) do update set state = excluded.state, why = excluded.why, ended_at = excluded.ended_at,
        left_at = excluded.left_at, taken_at = excluded.taken_at, logged_on_at = excluded.logged_on_at
    returning id, gateway, provider, requested_at
)
update provider p set last_move = saved.id from saved
where p.gateway = saved.gateway and p.provider = saved.provider
  and not exists (select from move m where m.id = p.last_move and m.requested_at > saved.requested_at)
