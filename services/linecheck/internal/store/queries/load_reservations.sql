-- The reservations with the given ids ($1), the line checks that the trades $4 took over or that keep a part for a trade of $1, and the reservations of the given
-- clients ($2) that have lapsed at $5 and that the expiry job has not come to yet, with the line checks that these took over: they must
-- not keep a new exposure from the line. Its window bounds how much of the index is read; what is older is the job's. A statement
-- of its own after the locks: it sees what was committed while they were waited for. Only new exposures ($3) need the answer that
-- was given, to repeat it.
with lapsed as (
    select id, from_check
    from reservation
    where state = 'RESERVED' and expires_at > $5::timestamptz - interval '10 seconds' and expires_at <= $5
      and client_node = any ($2::text[])
    order by expires_at
    limit 200
)
select id::text, kind, provider, coalesce(group_node, ''), coalesce(desk_node, ''), coalesce(dealer_node, ''), client_node, exposure,
       near_date, near_receivable, far_date, far_receivable, state, expires_at,
       case when id = any ($3::uuid[]) then basis end, case when id = any ($3::uuid[]) then nodes end,
       pair, deal_currency, side, amount, open_of(r), taken_of(r), value_date, netted, closed, near_settled, far_settled,
       coalesce(from_check::text, ''), coalesce(from_amount, 0), coalesce(from_taken, 0), case when netted then netting_of(r) end,
       case when kind = 'check' then (select json_agg(e order by e.trade_id) from earmark e where e.check_id = r.id) end
from reservation r
where id = any ($1::uuid[])
union all
select id::text, kind, provider, coalesce(group_node, ''), coalesce(desk_node, ''), coalesce(dealer_node, ''), client_node, exposure,
       near_date, near_receivable, far_date, far_receivable, state, expires_at,
       null::json, null::json,
       pair, deal_currency, side, amount, open_of(r), taken_of(r), value_date, netted, closed, near_settled, far_settled,
       coalesce(from_check::text, ''), coalesce(from_amount, 0), coalesce(from_taken, 0), case when netted then netting_of(r) end,
       case when kind = 'check' then (select json_agg(e order by e.trade_id) from earmark e where e.check_id = r.id) end
from reservation r
where id = any (array(select t.from_check from reservation t where t.id = any ($4::uuid[]) and t.from_check is not null
                      union all
                      select e.check_id from earmark e where e.trade_id = any ($1::uuid[])))
union all
select id::text, kind, provider, coalesce(group_node, ''), coalesce(desk_node, ''), coalesce(dealer_node, ''), client_node, exposure,
       near_date, near_receivable, far_date, far_receivable, state, expires_at,
       null::json, null::json,
       pair, deal_currency, side, amount, open_of(r), taken_of(r), value_date, netted, closed, near_settled, far_settled,
       coalesce(from_check::text, ''), coalesce(from_amount, 0), coalesce(from_taken, 0), case when netted then netting_of(r) end,
       case when kind = 'check' then (select json_agg(e order by e.trade_id) from earmark e where e.check_id = r.id) end
from reservation r
where id = any (array(select id from lapsed union all select from_check from lapsed where from_check is not null))
