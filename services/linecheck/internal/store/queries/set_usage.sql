-- The nodes are locked by this transaction, so the new value may simply be set.
update node_usage u
set reserved = changed.reserved::numeric, consumed = changed.consumed::numeric
from unnest($1::text[], $2::text[], $3::text[]) changed (node, reserved, consumed)
where u.node = changed.node
