-- The lives of these versions, locked in key order, so that two batches can not wait for each other.
select t.id::text, t.version, t.status, coalesce(t.desk, ''), coalesce(t.trader, ''), t.assigned_at,
       coalesce(t.booking_reference, ''), t.booked_at, coalesce(t.refusal_code, ''), coalesce(t.refusal_text, ''), t.refused_at,
       t.product, t.settled_legs, t.settled_at
from trade t
join (select distinct id, version from unnest($1::uuid[], $2::int[]) as w (id, version)) as wanted using (id, version)
order by t.id, t.version
for update of t
