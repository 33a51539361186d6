-- The runs whose next part nobody has done for a while, and those whose next part has waited its second. The pauses grow, because
-- the message may wait in a long queue or lie in the error queue. A row that is locked is at work.
update job_run r
set asked = r.asked + 1, moved_at = now()
from (select job, due, attempt
      from job_run
      where job = any ($1) and state in ('due', 'running')
        and moved_at < now() - least(power(2, asked) * case when waits_for <> '' then interval '1 s'
                                                            when state = 'due' then interval '5 s'
                                                            else interval '20 s' end, interval '10 min')
      for update skip locked) late
where (r.job, r.due, r.attempt) = (late.job, late.due, late.attempt)
returning r.job, r.due, r.attempt, r.part, r.cursor, r.done, r.total, r.by, r.reason, r.state, r.error,
          r.waits_for, r.started_at, r.finished_at
