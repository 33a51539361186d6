-- The runs whose next part nobody has done for a while. The pauses grow, because the message may wait in a long queue or lie in
-- the error queue. A row that is locked is at work.
update job_run r
set asked = r.asked + 1, moved_at = now()
from (select job, due, attempt
      from job_run
      where job = any ($1) and state in ('due', 'running')
        and moved_at < now() - least(case state when 'due' then interval '5 s' else interval '20 s' end * power(2, asked), interval '10 min')
      for update skip locked) late
where (r.job, r.due, r.attempt) = (late.job, late.due, late.attempt)
returning r.job, r.due, r.attempt, r.part, r.cursor, r.done, r.total, r.by, r.reason, r.state, r.error,
          r.started_at, r.finished_at
