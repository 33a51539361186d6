insert into settlement as s (trade_id, version, leg, state, value_date, movement_id, reference, by_hand, code, text, at)
select trade_id, version, leg, state, value_date, movement_id, reference, by_hand, code, text, at
from unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::date[], $6::text[], $7::text[], $8::boolean[], $9::text[], $10::text[],
            $11::timestamptz[])
    as n (trade_id, version, leg, state, value_date, movement_id, reference, by_hand, code, text, at)
order by trade_id, version, leg
on conflict (trade_id, version, leg) do update set state = excluded.state, movement_id = excluded.movement_id,
    reference = excluded.reference, by_hand = excluded.by_hand, code = excluded.code, text = excluded.text, at = excluded.at
where (s.state = 'failed' and excluded.state = 'settled') or (s.state = excluded.state and excluded.at > s.at)
