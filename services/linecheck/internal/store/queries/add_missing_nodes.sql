-- A row that is not there can not be locked: every node of the batch gets one first. In lock order, because two batches
-- that insert the same new nodes wait for each other, too.
insert into node_usage (node)
select node from unnest($1::text[]) node order by node collate "C" desc
on conflict (node) do nothing
