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
union all
select coalesce(s.group_node, r.group_node) || ' ' || coalesce(s.client_node, r.client_node), null, 'member',
       coalesce(s.used, 0)::text, coalesce(r.used, 0)::text
from member_usage s full join recomputed_member r using (group_node, client_node)
where coalesce(s.used, 0) <> coalesce(r.used, 0)
union all
select coalesce(s.node, r.node) || ' ' || coalesce(s.client, r.client) || ' ' || coalesce(s.pair, r.pair),
       coalesce(s.value_date, r.value_date)::text, 'netting', row(s.bought_open, s.bought_done, s.sold_open, s.sold_done)::text,
       row(r.bought_open, r.bought_done, r.sold_open, r.sold_done)::text
from netting_set s full join recomputed_netting r using (node, client, pair, value_date)
cross join (select row(0, 0, 0, 0)::deal_sum as deals) nothing
where coalesce(s.bought_open, nothing.deals) <> coalesce(r.bought_open, nothing.deals)
   or coalesce(s.bought_done, nothing.deals) <> coalesce(r.bought_done, nothing.deals)
   or coalesce(s.sold_open, nothing.deals) <> coalesce(r.sold_open, nothing.deals)
   or coalesce(s.sold_done, nothing.deals) <> coalesce(r.sold_done, nothing.deals)
union all
select coalesce(s.node, r.node) || ' ' || coalesce(s.client, r.client) || ' ' || coalesce(s.pair, r.pair), null, 'netting effect',
       row(s.sets_reserved, s.sets_consumed, s.lost_reserved, s.lost_consumed, s.gross_reserved, s.gross_consumed)::text,
       row(r.sets_reserved, r.sets_consumed, r.lost_reserved, r.lost_consumed, r.gross_reserved, r.gross_consumed)::text
from netting_effect s full join recomputed_effect r using (node, client, pair)
where coalesce(s.sets_reserved, 0) <> coalesce(r.sets_reserved, 0) or coalesce(s.sets_consumed, 0) <> coalesce(r.sets_consumed, 0)
   or coalesce(s.lost_reserved, 0) <> coalesce(r.lost_reserved, 0) or coalesce(s.lost_consumed, 0) <> coalesce(r.lost_consumed, 0)
   or coalesce(s.gross_reserved, 0) <> coalesce(r.gross_reserved, 0) or coalesce(s.gross_consumed, 0) <> coalesce(r.gross_consumed, 0)
order by 1, 2, 3
