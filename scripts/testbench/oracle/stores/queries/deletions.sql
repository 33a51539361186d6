select trade_id::text, proposed_by, coalesce(decided_by, '') from trading.action where kind = 'delete' and state = 'done'
