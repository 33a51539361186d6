-- The netting sets of new exposures. The nodes' locks cover them.
select to_json(s)
from netting_set s
join unnest($1::text[], $2::text[], $3::text[], $4::date[]) wanted (node, client, pair, value_date)
    using (node, client, pair, value_date)
