update job_run
set state = $4, part = $5, cursor = $6, done = $7, total = $8, error = $9, waits_for = $10,
    started_at = $11, finished_at = $12,
    begun_at = case when state = 'due' then now() else begun_at end, moved_at = clock_timestamp(), asked = 0
where job = $1 and due = $2 and attempt = $3
