-- What became of a day. An id of a trade begins with the day of its trade: $2 and $3 bound the day's ids. What is owed is, by currency,
-- what the books of clients hold for this value date: zero if all of it is paid. $5 is how many balances of live dates do not fit.
insert into day_report (day, made_at, report)
select $1, $4, jsonb_build_object(
    'trades', (select count(distinct trade_id) from obligation where trade_id >= $2::uuid and trade_id < $3::uuid),
    'legs', (select jsonb_build_object(
                 'executed', count(*) filter (where state = 'settled'),
                 'failed', count(*) filter (where state = 'failed'),
                 'open', count(*) filter (where state in ('open', 'instructed')))
             from obligation where value_date = $1),
    'owed', (select coalesce(jsonb_object_agg(currency, trim_scale(amount)::text), '{}')
             from (select currency, sum(amount) as amount from balance
                   where book like 'client/%' and value_date = $1 group by currency having sum(amount) <> 0) owed),
    'imbalances', $5::int,
    'reconciliation', (select jsonb_build_object('movements', compared, 'differences', differences)
                       from reconciliation where day = $1 and finished and ended = '' order by attempt desc limit 1),
    'balancing', (select jsonb_build_object('deals', count(rate), 'without_rate', count(*) - count(rate))
                  from balancing where due >= $1::date and due < $1::date + 2 and (due at time zone 'America/New_York')::date = $1))
on conflict (day) do update set report = excluded.report, made_at = excluded.made_at
