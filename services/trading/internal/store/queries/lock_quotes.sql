-- One batch at a time counts what is dealt on these quotes. All batches wait in the order of the keys.
select pg_advisory_xact_lock(key)
from (select distinct hashtextextended(id, 0) as key from unnest($1::text[]) as u (id) order by key) as k
