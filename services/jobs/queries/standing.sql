-- The run of each job that is under way, or else the one that ended last. Every replica asks each second, so only those two are read.
select r.job, due, attempt, part, cursor, done, total, by, reason, state, error,
       waits_for, started_at, finished_at, asked,
       extract(epoch from case when state = 'running' then clock_timestamp() else moved_at end - begun_at)::float8
from unnest($1::text[]) as name
cross join lateral (
    select * from (
        (select * from job_run where job = name and state in ('due', 'running'))
        union all
        (select * from job_run where job = name and state in ('finished', 'failed') order by moved_at desc limit 1)) both_runs
    order by state in ('due', 'running') desc
    limit 1) r
