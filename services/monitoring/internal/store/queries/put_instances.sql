insert into instance (instance, report, last_seen)
select * from unnest($1::text[], $2::jsonb[], $3::timestamptz[])
on conflict (instance) do update set report = excluded.report, last_seen = excluded.last_seen
