-- The usage of clients whose collateral relieves their group. The group is locked, and whoever changes a client's usage locks
-- its group first, so the usage stays as it is.
select node, reserved + consumed from node_usage where node = any ($1::text[])
