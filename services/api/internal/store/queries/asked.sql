-- A command about a movement: its failed legs wait for the outcome. One that is older than the failure, or was declined, is known to have ended.
with leg as (
    select trade_id, version, leg from settlement
    where movement_id = $1 and state = 'failed' and at <= $5 and (asked_at is null or asked_at < $5)
      and not exists (select from declined where command = $2)
    order by trade_id, version, leg for update
)
update settlement s set asked_command = $2, asked_action = $3, asked_by = $4, asked_at = $5
from leg where (s.trade_id, s.version, s.leg) = (leg.trade_id, leg.version, leg.leg)
