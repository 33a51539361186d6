-- What nodes carry, without a lock: for a question, which reads one snapshot of the database.
select node, reserved, consumed
from node_usage
where node = any ($1::text[])
