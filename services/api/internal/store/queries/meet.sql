-- A replica that meets the same trade at the same time waits here until the other has committed. Sorted, so that two batches
-- cannot wait for each other.
insert into trade (id) select unnest($1::uuid[]) as id order by id on conflict (id) do nothing
