update obligation o set state = c.state, movement = c.movement, held = c.held, dealt_at_once = c.dealt
from (select * from unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::uuid[], $6::text[], $7::boolean[])
          as c (trade_id, trade_version, leg, state, movement, held, dealt)) c
where o.trade_id = c.trade_id and o.trade_version = c.trade_version and o.leg = c.leg
