select job, due, max(attempt) from job_run
where (job, due) in (select * from unnest($1::text[], $2::timestamptz[]))
group by job, due
