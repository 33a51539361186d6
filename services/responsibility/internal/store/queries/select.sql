select trade_id::text, desk, trader, rule from assignment where trade_id = any ($1::uuid[])
