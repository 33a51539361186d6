-- The legs of a batch's trades. One that is there already fails the batch (23505); it is then handled again and finds it.
insert into obligation (trade_id, trade_version, leg, state, origin, client, account, desk, product, value_date, base, base_amount,
                        quote, quote_amount, due_from, not_after, dealt_at_once, windowless)
select trade_id, trade_version, leg, 'open', origin, client, account, desk, product, value_date, base, base_amount::numeric,
       quote, quote_amount::numeric, due_from, not_after, dealt_at_once, windowless
from unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::date[],
            $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::boolean[], $17::boolean[])
    as o (trade_id, trade_version, leg, origin, client, account, desk, product, value_date, base, base_amount, quote,
          quote_amount, due_from, not_after, dealt_at_once, windowless)
order by trade_id, trade_version, leg
