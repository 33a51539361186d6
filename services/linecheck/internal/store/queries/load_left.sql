-- The same reservations, read again after the locks: whoever resolved one meanwhile has committed. One that has come into
-- the first so many since, with nodes that are not locked, is left to the next message.
select id::text, kind, provider, coalesce(group_node, ''), coalesce(desk_node, ''), coalesce(dealer_node, ''), client_node, exposure,
       near_date, near_receivable, far_date, far_receivable, state, expires_at,
       null::json, null::json,
       pair, deal_currency, side, amount, open_of(r), taken_of(r), value_date, netted, closed, near_settled, far_settled,
       coalesce(from_check::text, ''), coalesce(from_amount, 0), coalesce(from_taken, 0), case when netted then netting_of(r) end,
       case when kind = 'check' then (select json_agg(e order by e.trade_id) from earmark e where e.check_id = r.id) end
from reservation r
where state = 'RESERVED' and kind = 'check'
  and exists (select from unnest($1::text[], $2::timestamptz[]) gone (name, until) where gone.name = r.provider and r.created_at <= gone.until)
order by expires_at, id
limit $3
