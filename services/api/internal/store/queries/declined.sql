-- The legs of the movement no longer wait for a command that was declined.
with leg as (
    select trade_id, version, leg from settlement where movement_id = $1 and asked_command = $2 order by trade_id, version, leg for update
)
update settlement s set asked_command = null, asked_action = '', asked_by = '', asked_at = null
from leg where (s.trade_id, s.version, s.leg) = (leg.trade_id, leg.version, leg.leg)
