-- A run of a job that is due, unless another replica was first or another run is under way. What is long past is swept out on the
-- way. Runs that a person started stay for 90 days at least, which is longer than an inbox remembers their messages: a run with the
-- number of a forgotten one would have messages that the inbox takes for handled.
with past as (
    delete from job_run where job = $1 and state in ('finished', 'failed')
      and moved_at < now() - make_interval(secs => $3)
      and moved_at < now() - greatest(make_interval(secs => $3), case when attempt > 0 then interval '90 days' end)
), claimed as (
    insert into job_run (job, due, attempt, state)
    select name, $2, 0, 'due' from job where name = $1 and last_due < $2
    on conflict do nothing
    returning job
)
update job set last_due = $2 from claimed where name = claimed.job
