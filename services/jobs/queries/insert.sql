insert into job_run (job, due, attempt, state, by, reason) values ($1, $2, $3, 'due', $4, $5)
