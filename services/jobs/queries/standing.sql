-- The run of each job that is under way, or else the one that ended last.
select distinct on (job) job, due, attempt, part, cursor, done, total, by, reason, state, error,
       waits_for, started_at, finished_at, asked,
       extract(epoch from case when state = 'running' then clock_timestamp() else moved_at end - begun_at)::float8
from job_run
where job = any ($1)
order by job, state in ('due', 'running') desc, moved_at desc
