-- The nodes of the sets are locked by this transaction, so the new values can be set.
insert into netting_set (node, client, pair, value_date, bought_open, bought_done, sold_open, sold_done, with_effect)
select node, client, pair, value_date, bought_open::deal_sum, bought_done::deal_sum, sold_open::deal_sum, sold_done::deal_sum, true
from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[])
    changed (node, client, pair, value_date, bought_open, bought_done, sold_open, sold_done)
on conflict (node, client, pair, value_date) do update
set bought_open = excluded.bought_open, bought_done = excluded.bought_done,
    sold_open = excluded.sold_open, sold_done = excluded.sold_done
