-- Trades that are still to be executed, with their legs, in the order of their ids. An id begins with the day of the trade.
select t.id::text, t.version, t.provider, t.client, t.account, coalesce(t.desk, ''), t.product, t.base || '/' || t.quote, t.status = 'booked',
       (select json_agg(json_build_object('value_date', value_date, 'base', base, 'base_side', base_side, 'base_amount', base_amount::text,
                                          'quote', quote, 'quote_amount', quote_amount::text) order by leg)
        from trade_leg l where l.trade_id = t.id and l.trade_version = t.version)
from trade t
where (t.id, t.version) > ($1::uuid, $2) and t.registered_at < $3 and t.status in ('registered', 'booked')
order by t.id, t.version
limit $4
