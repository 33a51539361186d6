select trade_id::text, provider, reference, code from trading.rejection
