-- A row that is not there can not be locked: every node of the batch gets one first. In lock order, because two batches
-- that insert the same new nodes wait for each other, too. Those that are there are left out beforehand: on conflict alone
-- would wait for whoever is updating them.
insert into node_usage (node)
select wanted.node
from unnest($1::text[]) wanted (node)
where not exists (select from node_usage u where u.node = wanted.node)
order by wanted.node collate "C" desc
on conflict (node) do nothing
