-- What is used more, or less if it is below zero. The nodes are locked by this transaction.
update node_usage u
set reserved = u.reserved + changed.reserved::numeric, consumed = u.consumed + changed.consumed::numeric
from unnest($1::text[], $2::text[], $3::text[]) changed (node, reserved, consumed)
where u.node = changed.node
