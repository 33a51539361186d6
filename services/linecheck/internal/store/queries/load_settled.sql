-- What is due already, for the nodes and days of new exposures that have a settlement limit. The nodes' locks cover it.
select node, value_date, used
from settlement_usage
join unnest($1::text[], $2::date[]) wanted (node, value_date) using (node, value_date)
