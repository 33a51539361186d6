select trade_id::text, desk, trader from responsibility.assignment
