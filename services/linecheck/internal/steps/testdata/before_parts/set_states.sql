update reservation r
set state = resolved.state, resolved_at = now()
from unnest($1::uuid[], $2::text[]) resolved (id, state)
where r.id = resolved.id
