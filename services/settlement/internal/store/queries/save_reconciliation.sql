update reconciliation set compared = $3, differences = $4, finished = $5, as_of = $6 where day = $1 and attempt = $2
