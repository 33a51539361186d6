update obligation o set booking_refused = r.code
from unnest($1::uuid[], $2::int[], $3::text[]) as r (trade_id, trade_version, code)
where o.trade_id = r.trade_id and o.trade_version = r.trade_version
