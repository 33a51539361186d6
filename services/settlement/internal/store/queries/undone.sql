-- What settlement has not done yet, empty if nothing: $1, $2 and $3 are the latest due times of its jobs. A job that has never run
-- begins with the next due time after the start of the core, so its due times before that are not waited for.
select case
    when not exists (select from job_run where job = 'execute due trades' and due >= $1 and state in ('finished', 'failed'))
        then 'the job that executes what is due'
    when exists (select from movement where state = 'requested') then 'movements to be answered'
    when exists (select from obligation where state = 'open' and held like '%has not booked%')
        then 'the booking of a trade whose leg is due'
    when exists (select from job where name = 'balance books' and last_due < $3) then 'books to be balanced'
    when exists (select from job where name = 'reconcile with the mainframe' and last_due < $2) then 'the mainframe''s statement to be compared'
    when exists (select from job_run where state in ('due', 'running')
                 and job in ('execute due trades', 'balance books', 'reconcile with the mainframe')) then 'a job to end'
    when exists (select from reconciliation where not finished) then 'the mainframe''s statement to be compared'
    else '' end
