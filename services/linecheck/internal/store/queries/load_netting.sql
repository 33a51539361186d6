-- The netting sets of new exposures. The nodes' locks cover them.
select node, client, pair, value_date, bought_reserved, bought_consumed, sold_reserved, sold_consumed
from netting_set
join unnest($1::text[], $2::text[], $3::text[], $4::date[]) wanted (node, client, pair, value_date)
    using (node, client, pair, value_date)
