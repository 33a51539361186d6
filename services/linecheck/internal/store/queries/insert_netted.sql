-- Empty columns say that the deal has one leg.
insert into netted_deal (id, base, quote, value, far_exposure, near_exposure, near_base, near_quote, near_value)
select id, base::numeric, quote::numeric, value::numeric, nullif(far_exposure, '')::numeric, nullif(near_exposure, '')::numeric,
       nullif(near_base, '')::numeric, nullif(near_quote, '')::numeric, nullif(near_value, '')::numeric
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
    made (id, base, quote, value, far_exposure, near_exposure, near_base, near_quote, near_value)
