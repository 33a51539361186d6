select digest, subject::text, event, published from request where owner = $1 and key = $2
