-- Where the stored usage is not what the reservations add up to: no rows on a healthy book.
select coalesce(s.node, r.node) as node, null::text as value_date, 'reserved' as what,
       coalesce(s.reserved, 0)::text as stored, coalesce(r.reserved, 0)::text as recomputed
from node_usage s full join recomputed_usage r using (node)
where coalesce(s.reserved, 0) <> coalesce(r.reserved, 0)
union all
select coalesce(s.node, r.node), null, 'consumed', coalesce(s.consumed, 0)::text, coalesce(r.consumed, 0)::text
from node_usage s full join recomputed_usage r using (node)
where coalesce(s.consumed, 0) <> coalesce(r.consumed, 0)
union all
select coalesce(s.node, r.node), coalesce(s.value_date, r.value_date)::text, 'settlement', coalesce(s.used, 0)::text, coalesce(r.used, 0)::text
from settlement_usage s full join recomputed_settlement r using (node, value_date)
where coalesce(s.used, 0) <> coalesce(r.used, 0)
order by 1, 2, 3
