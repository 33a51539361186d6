-- The last requests that were decided, registered or rejected, the newest first, from the tables' last pages.
with registered as (
    select t.id, t.provider, t.reference, t.client, t.product, t.status, t.registered_at as decided_at, t.transacted_at,
           t.base || '/' || t.quote as pair, l.base_side, l.base_amount::text as amount, l.base, l.rate::text as rate, t.booked_at
    from trading.trade t
    join trading.trade_leg l on l.trade_id = t.id and l.trade_version = t.version and l.leg = 1
    where t.ctid >= format('(%s,0)', greatest(0, pg_relation_size('trading.trade') / 8192 - 100))::tid and t.version = 1
    order by t.registered_at desc
    limit $1
), rejected as (
    select trade_id, provider, reference, client, product, pair, code, rejected_at
    from trading.rejection
    where ctid >= format('(%s,0)', greatest(0, pg_relation_size('trading.rejection') / 8192 - 100))::tid
    order by rejected_at desc
    limit $1
)
select id::text, provider, reference, concat_ws(' ', product, pair, base_side, amount, 'at', rate, client) as text, status,
       decided_at, transacted_at, coalesce(booked_at, 'epoch') as booked_at
from registered
union all
select trade_id::text, provider, reference, concat_ws(' ', product, pair, client), 'rejected: ' || code,
       rejected_at, rejected_at, 'epoch'
from rejected
order by decided_at desc
limit $1
