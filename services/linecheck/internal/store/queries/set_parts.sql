update reservation r
set state = resolved.state, open_amount = resolved.open_amount::numeric, taken_amount = resolved.taken_amount::numeric,
    closed = resolved.closed,
    from_taken = nullif(resolved.from_taken, '0')::numeric, resolved_at = now()
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[])
    resolved (id, state, open_amount, taken_amount, closed, from_taken)
where r.id = resolved.id
