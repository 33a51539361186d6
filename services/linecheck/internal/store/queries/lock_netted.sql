-- Locks the nodes of the given trades, and of the line checks that they took over or that keep a part for them, if one of them is netted: what a
-- netted leg frees depends on the others of its set, which the locks keep as they are. The order is that of lock_nodes.sql.
with touched as (
    select id, group_node, desk_node, dealer_node, client_node, netted
    from reservation
    where id = any (array(select unnest($1::uuid[])
                          union
                          select t.from_check from reservation t where t.id = any ($1::uuid[]) and t.from_check is not null
                          union
                          select e.check_id from earmark e where e.trade_id = any ($1::uuid[])))
)
select from node_usage u
where u.node = any (array(select n.node
                          from touched t cross join lateral (values (t.group_node), (t.desk_node), (t.dealer_node), (t.client_node)) n (node)
                          where n.node is not null and exists (select from touched where netted)))
order by u.node collate "C" desc
for update
