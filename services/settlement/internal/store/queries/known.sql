select trade_id::text, trade_version, leg from obligation where trade_id = any ($1::uuid[])
