-- The value date of each node on which most is due.
select distinct on (node) node, value_date, used
from settlement_usage
where node = any ($1::text[]) and used > 0
order by node, used desc, value_date
