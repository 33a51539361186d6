-- What is due on each value date at one node.
select value_date, used
from settlement_usage
where node = $1 and used > 0
order by value_date
