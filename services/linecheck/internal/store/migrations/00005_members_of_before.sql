-- +goose Up

-- +goose StatementBegin
-- What the reservations say that each group carries for each member. It must equal member_usage, always.
create view recomputed_member as
select node as group_node, client_node, sum(used) as used
from (select node, client_node, reserved + consumed as used from recomputed_part where not netted
      union all
      select node, 'client/' || client,
             greatest(bought_consumed + bought_reserved - sold_consumed, sold_consumed + sold_reserved - bought_consumed)
      from recomputed_netting) parts
where node like 'group/%'
group by node, client_node;
-- +goose StatementEnd

-- The statement reads all reservations, and locks none: trades go on. What it adds is what its snapshot lacks. What changes meanwhile
-- is added to the same rows by whoever changes it.
insert into member_usage (group_node, client_node, used)
select group_node, client_node, coalesce(r.used, 0) - coalesce(m.used, 0)
from recomputed_member r
full join member_usage m using (group_node, client_node)
on conflict (group_node, client_node) do update set used = member_usage.used + excluded.used;
