-- The last one of each provider.
select m.id::text, m.gateway, m.provider, m.origin, m.target, m.target_since, m.epoch, m.reason, m.commanded_by, m.state, m.why, m.attempt,
    m.requested_at, m.ended_at, m.left_at, m.taken_at, m.logged_on_at
from provider p join move m on m.id = p.last_move
