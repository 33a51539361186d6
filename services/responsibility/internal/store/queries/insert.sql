-- Sorted, so that two batches can not wait for each other. A row that another replica wrote meanwhile fails the batch; it
-- is run again and then finds that row.
insert into assignment (trade_id, desk, trader, rule)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as chosen (trade_id, desk, trader, rule)
order by trade_id
