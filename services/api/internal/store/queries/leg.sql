insert into settlement as s (trade_id, version, leg, state, value_date, movement_id, reference, by_hand, code, text, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (trade_id, version, leg) do update set state = excluded.state, movement_id = excluded.movement_id,
    reference = excluded.reference, by_hand = excluded.by_hand, code = excluded.code, text = excluded.text, at = excluded.at
where (s.state = 'failed' and excluded.state = 'settled') or (s.state = excluded.state and excluded.at > s.at)
