-- The next legs that are due, in the index's order: a client's legs of one date together. Only dates of which a leg is due are looked at: a
-- run every ten seconds must not walk all legs of the weeks to come. The legs of a client that nets are due as soon as one of its set is: a
-- leg whose trade is not booked, or whose window is not known, has a movement of its own and makes no other leg due. The window function
-- looks at each due leg once, on the way to the later legs of the client: a look at all of them for each later leg would be their product.
-- The second column is the state of the same leg of an earlier version that is not withdrawn. The third one is what the mainframe
-- says of the trade's booking: nothing, a code, or the empty text if it is booked. The count tells whether there may be more, also if
-- another transaction has just taken one of them. A connection keeps the plan that it made while the table was empty. The planner then takes a
-- partial index of open legs for as cheap as the primary key, and would read all of it for each leg: coalesce hides the state from that choice.
with recursive dates as (
    (select value_date from obligation where state = 'open' and value_date >= $4 and value_date <= $2 order by value_date limit 1)
    union all
    select (select value_date from obligation o
            where o.state = 'open' and o.value_date > dates.value_date and o.value_date <= $2 order by o.value_date limit 1)
    from dates where value_date is not null
), due as (
    select value_date
    from dates cross join lateral (
        select from obligation o where o.state = 'open' and o.value_date = dates.value_date and o.due_from <= $1 limit 1) one
), next as (
    select value_date, client, due_from, trade_id, trade_version, leg
    from due cross join lateral (
        select client, due_from, trade_id, trade_version, leg
        from (select client, due_from, trade_id, trade_version, leg,
                     bool_or(case when due_from <= $1 and client = any ($3::text[]) then
                                 (select b.code = '' and not s.windowless
                                  from obligation s join booking b using (trade_id, trade_version)
                                  where s.trade_id = o.trade_id and s.trade_version = o.trade_version and s.leg = o.leg) end)
                         over (partition by client order by due_from, trade_id, trade_version, leg) as of_due_set
              from obligation o
              where o.state = 'open' and o.value_date = due.value_date
                and (o.value_date, client, due_from, trade_id, trade_version, leg) > ($4, $5, $6, $7, $8, $9)) walked
        where due_from <= $1 or of_due_set
        order by client, due_from, trade_id, trade_version, leg
        limit $10) of_date
    order by value_date, client, due_from, trade_id, trade_version, leg
    limit $10
)
select row_to_json(o),
       case when o.trade_version > 1 then
           (select state from obligation e
            where e.trade_id = o.trade_id and e.trade_version < o.trade_version and e.leg = o.leg and e.state <> 'withdrawn'
            order by e.trade_version desc limit 1) end,
       (select code from booking b where b.trade_id = o.trade_id and b.trade_version = o.trade_version),
       (select count(*) from next)
from obligation o join next using (trade_id, trade_version, leg)
where coalesce(o.state) = 'open'
order by o.value_date, o.client, o.due_from, o.trade_id, o.trade_version, o.leg
for update of o
