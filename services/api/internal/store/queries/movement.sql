-- One movement settles the legs of one trade, or those of a netting set.
select s.trade_id::text, t.client, t.desk, s.state, s.version, s.leg, s.value_date::text, s.movement_id, s.reference, s.by_hand, s.code, s.text, s.at, s.attempt, s.not_after, s.failed_since,
    s.asked_command::text, s.asked_action, s.asked_by, s.asked_at, case when s.state = 'failed' then t.facts end
from settlement s join trade t on t.id = s.trade_id
where s.movement_id = $1
order by s.trade_id, s.version, s.leg
