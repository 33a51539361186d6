-- Locks, in the one order, the nodes of open reservations that lapsed after $1 and until $3: the longest lapsed first, at most $2.
select u.node, u.reserved, u.consumed
from node_usage u
join (select distinct n.node
      from (select group_node, desk_node, dealer_node, client_node
            from reservation
            where state = 'RESERVED' and expires_at > $1 and expires_at <= $3
            order by expires_at
            limit $2) r
      cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
      where n.node is not null) wanted using (node)
order by u.node collate "C" desc
for update of u
