select digest, trade_id::text, event, published from request where owner = $1 and key = $2
