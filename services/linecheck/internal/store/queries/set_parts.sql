-- A settlement leaves resolved_at as it is: that says when the reservation was consumed or ended.
update reservation r
set state = resolved.state, open_amount = resolved.open_amount::numeric, taken_amount = resolved.taken_amount::numeric,
    closed = resolved.closed, near_settled = resolved.near_settled, far_settled = resolved.far_settled,
    from_taken = nullif(resolved.from_taken, '0')::numeric,
    resolved_at = case when resolved.near_settled or resolved.far_settled then coalesce(r.resolved_at, now()) else now() end
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::boolean[], $7::boolean[], $8::text[])
    resolved (id, state, open_amount, taken_amount, closed, near_settled, far_settled, from_taken)
where r.id = resolved.id
