update alert set told = state || extract(epoch from since)::text where key = $1 and state = $2 and since = $3
