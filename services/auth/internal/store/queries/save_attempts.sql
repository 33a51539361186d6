insert into attempt select * from jsonb_populate_recordset(null::attempt, $1::jsonb) r order by r.user_id
on conflict (user_id) do update set failures = excluded.failures, not_before = excluded.not_before, tried_at = excluded.tried_at
