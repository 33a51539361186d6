select trade_id::text, leg::integer, state, coalesce(movement::text, ''), client, desk, value_date::text, base, quote, base_amount::text,
       quote_amount::text, due_from, not_after, dealt_at_once
from settlement.obligation where trade_version = 1
