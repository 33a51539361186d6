-- How many balances of a value date do not fit, by client and currency: what the books of clients hold must be what obligations say that
-- were dealt and are not settled. The view imbalance says the same of all dates.
select count(*)
from (select from (select substr(to_book, length('client/') + 1) as client, currency, amount from transfer
                   where value_date = $1 and to_book like 'client/%'
                   union all
                   select substr(from_book, length('client/') + 1), currency, -amount from transfer
                   where value_date = $1 and from_book like 'client/%'
                   union all
                   select client, base, -base_amount from obligation
                   where value_date = $1 and state not in ('settled', 'withdrawn') and (dealt_at_once or state <> 'open')
                   union all
                   select client, quote, -quote_amount from obligation
                   where value_date = $1 and state not in ('settled', 'withdrawn') and (dealt_at_once or state <> 'open')) sides
      group by client, currency having sum(amount) <> 0) unfit
