-- What a batch deals on quotes, and a few of the oldest rows forgotten.
with old as (
    delete from quote_use where id in (
        select id from quote_use where used_at < now() - interval '8 days' order by used_at limit 200 for update skip locked)
)
insert into quote_use (id, quote_id, trade_id, amount)
select id, quote_id, trade_id, amount::numeric from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[]) as u (id, quote_id, trade_id, amount)
