-- The nodes of the sets are locked by this transaction, so the new values can be set.
insert into netting_set (node, client, pair, value_date, bought_reserved, bought_consumed, sold_reserved, sold_consumed)
select node, client, pair, value_date, bought_reserved::numeric, bought_consumed::numeric, sold_reserved::numeric, sold_consumed::numeric
from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[])
    changed (node, client, pair, value_date, bought_reserved, bought_consumed, sold_reserved, sold_consumed)
on conflict (node, client, pair, value_date) do update
set bought_reserved = excluded.bought_reserved, bought_consumed = excluded.bought_consumed,
    sold_reserved = excluded.sold_reserved, sold_consumed = excluded.sold_consumed
