update reservation r
set state = resolved.state, open_amount = resolved.open_amount::numeric, taken_amount = resolved.taken_amount::numeric,
    closed = resolved.closed, resolved_at = now()
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[])
    resolved (id, state, open_amount, taken_amount, closed)
where r.id = resolved.id
