insert into settlement as s (trade_id, version, leg, state, value_date, movement_id, reference, by_hand, code, text, at, attempt, not_after, failed_since)
select trade_id, version, leg, state, value_date, movement_id, reference, by_hand, code, text, at, attempt, not_after, case when state = 'failed' then at end
from unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::date[], $6::text[], $7::text[], $8::boolean[], $9::text[], $10::text[],
            $11::timestamptz[], $12::int[], $13::timestamptz[])
    as n (trade_id, version, leg, state, value_date, movement_id, reference, by_hand, code, text, at, attempt, not_after)
order by trade_id, version, leg
on conflict (trade_id, version, leg) do update set state = excluded.state, movement_id = excluded.movement_id,
    reference = excluded.reference, by_hand = excluded.by_hand, code = excluded.code, text = excluded.text, at = excluded.at,
    attempt = greatest(s.attempt, excluded.attempt), not_after = coalesce(excluded.not_after, s.not_after), failed_since = coalesce(s.failed_since, excluded.failed_since),
    asked_command = null, asked_action = '', asked_by = '', asked_at = null
where (s.state = 'failed' and excluded.state = 'settled') or (s.state = excluded.state and excluded.at > s.at)
