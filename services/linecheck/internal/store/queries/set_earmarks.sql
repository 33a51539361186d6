-- What is kept for trades from now on. The nodes of the line checks are locked by this transaction.
insert into earmark (trade_id, check_id, stated, rest)
select trade_id, check_id, stated::numeric, rest::numeric
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) kept (trade_id, check_id, stated, rest)
on conflict (trade_id, check_id) do update set stated = excluded.stated, rest = excluded.rest
