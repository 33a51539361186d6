-- The effects of the netting sets of new exposures. The nodes' locks cover them.
select to_json(e)
from netting_effect e
join unnest($1::text[], $2::text[], $3::text[]) wanted (node, client, pair) using (node, client, pair)
