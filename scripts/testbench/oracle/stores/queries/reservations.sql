select id::text, kind, provider, state, coalesce(group_node, ''), coalesce(desk_node, ''), coalesce(dealer_node, ''), client_node, exposure::text,
       coalesce(near_date::text, ''), coalesce(far_date::text, ''),
       coalesce(near_receivable, 0)::text, coalesce(far_receivable, 0)::text, expires_at, basis,
       pair, deal_currency, side, amount::text, linecheck.open_of(r)::text, linecheck.taken_of(r)::text, coalesce(value_date::text, ''), netted,
       coalesce(from_check::text, ''), coalesce(from_amount, 0)::text, coalesce(from_taken, 0)::text,
       state in ('CONSUMED', 'SETTLED') and coalesce(resolved_at > expires_at, false), near_settled, far_settled
from linecheck.reservation r
