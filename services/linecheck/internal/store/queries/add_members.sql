-- What groups carry more than before for their members.
insert into member_usage (group_node, client_node, used)
select group_node, client_node, amount::numeric from unnest($1::text[], $2::text[], $3::text[]) added (group_node, client_node, amount)
on conflict (group_node, client_node) do update set used = member_usage.used + excluded.used
