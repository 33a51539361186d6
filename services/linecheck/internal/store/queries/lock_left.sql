-- Locks, in the one order, the nodes of open reservations that the providers $1 made by a check no later than $2 (one each):
-- at most $3. Open ones are few: they live for minutes.
select u.node, u.reserved, u.consumed
from node_usage u
join (select distinct n.node
      from (select r.group_node, r.desk_node, r.dealer_node, r.client_node
            from reservation r
            join unnest($1::text[], $2::timestamptz[]) gone (provider, until) on r.provider = gone.provider and r.created_at <= gone.until
            where r.state = 'RESERVED' and r.kind = 'check'
            order by r.expires_at, r.id
            limit $3) r
      cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
      where n.node is not null) wanted using (node)
order by u.node collate "C" desc
for update of u
