update obligation o set superseded = true
from unnest($1::uuid[], $2::int[], $3::smallint[]) as c (trade_id, trade_version, leg)
where o.trade_id = c.trade_id and o.trade_version = c.trade_version and o.leg = c.leg
