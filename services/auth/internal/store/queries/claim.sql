-- Claims each id for the event that came first. A replica that claims the same id at the same time waits here until the
-- other has committed or rolled back. Sorted, so that two batches can not wait for each other; of one batch, the earlier
-- event comes first.
insert into request (id, digest, first_event, trade_date)
select id, digest, event, trade_date
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::date[])
    with ordinality as claim (id, digest, event, trade_date, position)
where not exists (select from request_before b where b.id = claim.id)
order by id, position
on conflict (id) do nothing
