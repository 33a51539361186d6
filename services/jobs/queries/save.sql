update job_run
set state = $4, part = $5, cursor = $6, done = $7, total = $8, error = $9,
    started_at = $10, finished_at = $11,
    begun_at = case when state = 'due' then now() else begun_at end, moved_at = clock_timestamp(), asked = 0
where job = $1 and due = $2 and attempt = $3
