update alert set acknowledged_by = $2, acknowledged_at = now(), note = $3 where key = $1 and state = 'firing'
