-- What a desk has by currency and value date: by the ledger, and by contracts that have not moved between the books yet. Earlier dates
-- than $3 were flattened by the runs before. They are looked at only if something was booked to them since $4, or if a run since then
-- found no rate. So the work does not grow with the ledger. The indexes hold the books of desks only: the query says
-- that it asks for one of them.
with earlier as materialized (
    select value_date from transfer where booked_at >= $4 and value_date < $3
    union
    select value_date from balancing where due >= $4 and desk = $1 and rate is null and value_date < $3
)
select currency, value_date, sum(amount)
from (select currency, value_date, amount from transfer
      where to_book = 'desk/' || $1 and to_book like 'desk/%' and value_date >= $3
      union all
      select currency, value_date, -amount from transfer
      where from_book = 'desk/' || $1 and from_book like 'desk/%' and value_date >= $3
      union all
      select t.currency, t.value_date, t.amount from earlier e join transfer t
          on t.to_book = 'desk/' || $1 and t.to_book like 'desk/%' and t.value_date = e.value_date
      union all
      select t.currency, t.value_date, -t.amount from earlier e join transfer t
          on t.from_book = 'desk/' || $1 and t.from_book like 'desk/%' and t.value_date = e.value_date
      union all
      select base, value_date, -base_amount from obligation where desk = $1 and state = 'open' and not dealt_at_once
      union all
      select quote, value_date, -quote_amount from obligation where desk = $1 and state = 'open' and not dealt_at_once) held
where currency <> $2
group by currency, value_date
having sum(amount) <> 0
order by value_date, currency
