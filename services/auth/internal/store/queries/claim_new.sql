-- Claims ids that nobody has claimed, or fails. Sorted, so that two batches wait for each other in one order.
insert into request (id, digest, first_event, trade_date)
select id, digest, event, trade_date
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::date[]) as claim (id, digest, event, trade_date)
order by id
