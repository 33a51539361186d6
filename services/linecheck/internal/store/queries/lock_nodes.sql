-- Locks the nodes of new exposures ($1), of the reservations that are to be resolved ($2), and of those that keep a part for a trade
-- of $2, in the one order that every transaction keeps: groups, desks, dealers, clients. A reservation never changes its nodes, so they may be read without a lock.
select u.node, u.reserved, u.consumed
from node_usage u
join (select node from unnest($1::text[]) node
      union
      select n.node
      from reservation r
      cross join lateral (values (r.group_node), (r.desk_node), (r.dealer_node), (r.client_node)) n (node)
      where r.id = any (array(select unnest($2::uuid[])
                              union all
                              select e.check_id from earmark e where e.trade_id = any ($2::uuid[])))
        and n.node is not null) wanted using (node)
order by u.node collate "C" desc
for update of u
