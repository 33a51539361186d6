-- The first version of every trade with its legs, near leg first.
select t.id::text, t.provider, t.reference, t.status, t.client, t.product, t.base, t.quote, t.dealt_currency, t.registered_at,
       coalesce(t.desk, ''), coalesce(t.trader, ''), coalesce(t.booking_reference, ''),
       json_agg(json_build_object('ValueDate', l.value_date, 'BaseSide', l.base_side, 'BaseAmount', l.base_amount::text,
                                  'QuoteAmount', l.quote_amount::text, 'Rate', l.rate::text) order by l.leg)
from trading.trade t
join trading.trade_leg l on l.trade_id = t.id and l.trade_version = t.version
where t.version = 1
group by t.id, t.version
