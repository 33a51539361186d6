update trade_comparison
set compared = compared + $2, added = added + $3, left_out = left_out + $4, which = (which || $5::text[])[1:100], finished = $6, moved_at = now()
where story = $1
