-- What a desk has by currency and value date: by the ledger, and by contracts that have not moved between the books yet.
select currency, value_date, sum(amount)
from (select currency, value_date, amount from transfer where to_book = 'desk/' || $1
      union all
      select currency, value_date, -amount from transfer where from_book = 'desk/' || $1
      union all
      select base, value_date, -base_amount from obligation where desk = $1 and state = 'open' and not dealt_at_once
      union all
      select quote, value_date, -quote_amount from obligation where desk = $1 and state = 'open' and not dealt_at_once) held
where currency <> $2
group by currency, value_date
having sum(amount) <> 0
order by value_date, currency
