update obligation o set due_from = c.due_from, not_after = c.not_after, windowless = false
from unnest($1::uuid[], $2::int[], $3::smallint[], $4::timestamptz[], $5::timestamptz[]) as c (trade_id, trade_version, leg, due_from, not_after)
where o.trade_id = c.trade_id and o.trade_version = c.trade_version and o.leg = c.leg
