-- All rejections of a batch. One that is there already came again.
insert into rejection (event_id, trade_id, provider, reference, kind, client, product, pair, code, text, rejected_by, rejected_at)
select *
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::timestamptz[])
on conflict (event_id) do nothing
