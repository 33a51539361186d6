-- The legs of all trades of a batch. Empty points are not known.
insert into trade_leg (trade_id, trade_version, leg, value_date, base, base_side, base_amount, quote, quote_amount, rate,
                       forward_points)
select trade_id, trade_version, leg, value_date, base, base_side, base_amount::numeric, quote, quote_amount::numeric,
       rate::numeric, nullif(forward_points, '')::numeric
from unnest($1::uuid[], $2::int[], $3::smallint[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[])
    as l (trade_id, trade_version, leg, value_date, base, base_side, base_amount, quote, quote_amount, rate, forward_points)
