insert into reconciliation_difference (day, attempt, movement, kind, ours, theirs)
select $1, $2, movement, kind, nullif(ours, '')::jsonb, nullif(theirs, '')::jsonb
from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as d (movement, kind, ours, theirs)
on conflict do nothing
