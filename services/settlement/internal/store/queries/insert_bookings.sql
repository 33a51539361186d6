insert into booking (trade_id, trade_version, code, told_at)
select * from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[]) order by 1, 2
