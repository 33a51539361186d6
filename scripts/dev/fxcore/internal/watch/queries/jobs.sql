-- The run of each job that is under way, or else the one that ended last, of the service in whose schema the table lies.
select distinct on (job) job, due, state, done, total, error, waits_for, by,
       extract(epoch from case when state = 'running' then clock_timestamp() else moved_at end - begun_at)::float8
from %s.job_run
order by job, state in ('due', 'running') desc, moved_at desc
