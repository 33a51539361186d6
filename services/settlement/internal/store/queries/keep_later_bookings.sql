on conflict (trade_id, trade_version) do update set code = excluded.code, told_at = excluded.told_at
where excluded.told_at > booking.told_at
