-- What is due less than before: the rows are there, because it was added once.
update settlement_usage s
set used = s.used - taken.amount::numeric
from unnest($1::text[], $2::date[], $3::text[]) taken (node, value_date, amount)
where s.node = taken.node and s.value_date = taken.value_date
