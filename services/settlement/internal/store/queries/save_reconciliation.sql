update reconciliation
set compared = $3, total = $4, differences = $5, at_end = $6, complete = $7, finished = $8, as_of = $9, moved_at = now()
where day = $1 and attempt = $2
