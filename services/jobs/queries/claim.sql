-- A run of a job that is due, unless another replica was first or another run is under way. What is long past is swept out on the way.
with past as (
    delete from job_run where job = $1 and state in ('finished', 'failed') and moved_at < now() - make_interval(secs => $3)
), claimed as (
    insert into job_run (job, due, attempt, state)
    select name, $2, 0, 'due' from job where name = $1 and last_due < $2
    on conflict do nothing
    returning job
)
update job set last_due = $2 from claimed where name = claimed.job
