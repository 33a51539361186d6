-- Legs whose time has come, by the latest time for which a job ran: the bank's clock, which may be ahead of the server's.
select count(*) filter (where state in ('open', 'instructed') and due_from <= coalesce(day.at, now())),
       count(*) filter (where state = 'settled'),
       count(*) filter (where state = 'failed'),
       coalesce((day.at at time zone 'Europe/Berlin')::date::text, '')
from (select max(due) as at from settlement.job_run) day left join settlement.obligation on true
group by day.at
