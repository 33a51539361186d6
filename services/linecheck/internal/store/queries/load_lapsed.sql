-- The same reservations, read again after the locks: whoever resolved one meanwhile has committed. One that has appeared
-- since, with nodes that are not locked, is left to the next run.
select id::text, kind, provider, coalesce(group_node, ''), coalesce(desk_node, ''), client_node, exposure,
       near_date, near_receivable, far_date, far_receivable, state, expires_at,
       null::json, null::json,
       pair, deal_currency, side, amount, open_amount, taken_amount, value_date, netted, coalesce(from_check::text, ''),
       coalesce(from_amount, 0), case when netted then netting_of(r) end
from reservation r
where state = 'RESERVED' and expires_at > $1 and expires_at <= now()
order by expires_at
limit $2
