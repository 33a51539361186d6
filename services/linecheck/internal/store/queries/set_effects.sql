-- The nodes of the agreements are locked by this transaction, so the new values can be set.
insert into netting_effect (node, client, pair, sets_reserved, sets_consumed, lost_reserved, lost_consumed, gross_reserved, gross_consumed)
select node, client, pair, sets_reserved::numeric, sets_consumed::numeric, lost_reserved::numeric, lost_consumed::numeric,
       gross_reserved::numeric, gross_consumed::numeric
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    changed (node, client, pair, sets_reserved, sets_consumed, lost_reserved, lost_consumed, gross_reserved, gross_consumed)
on conflict (node, client, pair) do update
set sets_reserved = excluded.sets_reserved, sets_consumed = excluded.sets_consumed, lost_reserved = excluded.lost_reserved,
    lost_consumed = excluded.lost_consumed, gross_reserved = excluded.gross_reserved, gross_consumed = excluded.gross_consumed
