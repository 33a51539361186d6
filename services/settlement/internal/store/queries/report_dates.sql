-- The value dates that a report looks at: those from $1 until $2 that have entries, and all others to which something was booked
-- since $3 or of which a leg is not settled.
select date::date from generate_series($1::date, $2::date, interval '1 day') date
where exists (select from transfer where value_date = date::date)
union
select value_date from transfer where booked_at >= $3
union
select value_date from obligation where state = 'open' and value_date < $1
union
select value_date from movement where state in ('refused', 'overdue') and value_date < $1
order by 1
