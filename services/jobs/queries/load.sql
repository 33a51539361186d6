-- The runs that a batch's parts belong to, and the open runs of the jobs that it has commands for. A row that is locked here is
-- not changed by another replica until the commit.
select job, due, attempt, part, cursor, done, total, by, reason, state, error,
       waits_for, started_at, finished_at
from job_run
where (job, due, attempt) in (select * from unnest($1::text[], $2::timestamptz[], $3::int[]))
   or (job = any ($4) and state in ('due', 'running'))
order by job, due, attempt
for update
