-- What was agreed by these versions. Row by row: a version, then a leg of it, near leg first.
select t.id::text, t.version, t.kind, t.provider, t.reference, t.quote_id, t.client, t.account, t.product, t.base || '/' || t.quote, t.dealt_currency,
       t.trade_date, t.transacted_at, t.spot_date, t.usd_amount::text, t.registered_at,
       l.value_date, l.base, l.base_side, l.base_amount::text, l.quote, l.quote_amount::text, l.rate::text
from trade t
join trade_leg l on l.trade_id = t.id and l.trade_version = t.version
join (select distinct id, version from unnest($1::uuid[], $2::int[]) as w (id, version)) as wanted on wanted.id = t.id and wanted.version = t.version
order by t.id, t.version, l.leg
