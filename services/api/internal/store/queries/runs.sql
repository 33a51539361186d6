-- Those that moved last come first. A null filter takes all.
select id::text, service, job, due, attempt, state, done, total, by, reason, error, coalesce(command::text, ''), started_at, finished_at,
    case when moved_at > begun_at then (done - first_done) / extract(epoch from moved_at - begun_at)::float8 else 0 end
from job_run
where ($1::text is null or service = $1) and ($2::text is null or job = $2) and ($3::text is null or state = $3) and ($4::uuid is null or command = $4)
order by moved_at desc, job_run.id
limit $5
