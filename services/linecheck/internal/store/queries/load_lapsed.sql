-- The same reservations, read again after the locks: whoever resolved one meanwhile has committed. One that has appeared
-- since, with nodes that are not locked, is left to the next run. Besides, the line checks that lapsed trades took over: they
-- have the same nodes.
with lapsed as (
    select id, from_check
    from reservation
    where state = 'RESERVED' and expires_at > $1 and expires_at <= $3
    order by expires_at
    limit $2
)
select id::text, kind, provider, coalesce(group_node, ''), coalesce(desk_node, ''), coalesce(dealer_node, ''), client_node, exposure,
       near_date, near_receivable, far_date, far_receivable, state, expires_at,
       null::json, null::json,
       pair, deal_currency, side, amount, open_of(r), taken_of(r), value_date, netted, closed, near_settled, far_settled,
       coalesce(from_check::text, ''), coalesce(from_amount, 0), coalesce(from_taken, 0), case when netted then netting_of(r) end,
       case when kind = 'check' then (select json_agg(e order by e.trade_id) from earmark e where e.check_id = r.id) end
from reservation r
where id = any (array(select id from lapsed union all select from_check from lapsed where from_check is not null))
