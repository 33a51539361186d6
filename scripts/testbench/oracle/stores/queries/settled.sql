select trade_id::text, leg::integer from settlement.obligation where state = 'settled'
