insert into booking (trade_id, trade_version, code, told_at)
select * from unnest($1::uuid[], $2::int[], $3::text[], $4::timestamptz[]) order by 1, 2
on conflict (trade_id, trade_version) do update set code = excluded.code, told_at = excluded.told_at
where excluded.told_at > booking.told_at
