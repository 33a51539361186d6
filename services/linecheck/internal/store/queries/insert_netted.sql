insert into netted_deal (id, base, quote, value)
select id, base::numeric, quote::numeric, value::numeric
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) made (id, base, quote, value)
