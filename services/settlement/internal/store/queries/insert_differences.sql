insert into reconciliation_difference (day, attempt, movement, kind, position, ours, theirs)
select $1, $2, movement, kind, position, nullif(ours, '')::jsonb, nullif(theirs, '')::jsonb
from unnest($3::text[], $4::text[], $5::int[], $6::text[], $7::text[]) as d (movement, kind, position, ours, theirs)
on conflict do nothing
