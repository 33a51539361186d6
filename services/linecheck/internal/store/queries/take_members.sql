-- What groups carry less than before for their members: the rows are there, because it was added once.
update member_usage m
set used = m.used - taken.amount::numeric
from unnest($1::text[], $2::text[], $3::text[]) taken (group_node, client_node, amount)
where m.group_node = taken.group_node and m.client_node = taken.client_node
