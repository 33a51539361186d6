select s.trade_id::text, t.client, s.state, s.version, s.leg, s.value_date::text, s.movement_id, s.reference, s.by_hand, s.code, s.text, s.at, s.attempt, s.not_after, s.failed_since,
    s.asked_command::text, s.asked_action, s.asked_by, s.asked_at, case when s.state = 'failed' then t.facts end
from settlement s join trade t on t.id = s.trade_id
where ($1::text is null or t.desk = $1) and ($2::text is null or t.client = $2) and ($3::text is null or s.state = $3)
  and ($4::date is null or s.value_date >= $4) and ($5::date is null or s.value_date <= $5)
  and ($7::date is null or (s.value_date, s.trade_id, s.version, s.leg) < ($7, $8::uuid, $9, $10))
order by s.value_date desc, s.trade_id desc, s.version desc, s.leg desc
limit $6
