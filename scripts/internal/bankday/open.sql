-- What settlement has not done yet, empty if nothing: $1, $2 and $3 are the latest due times of its jobs. A job that has never run
-- begins with the next due time after the start of the core, so its due times before that are not waited for.
select case
    when not exists (select from settlement.job_run where job = 'execute due trades' and due >= $1 and state in ('finished', 'failed'))
        then 'the job that executes what is due has not run'
    when exists (select from settlement.movement where state = 'requested') then 'movements without an answer'
    when exists (select from settlement.obligation where state = 'open' and held like '%has not booked%')
        then 'a due leg waits for the booking of its trade'
    when exists (select from settlement.job where name = 'balance books' and last_due < $3) then 'books are not balanced'
    when exists (select from settlement.job where name = 'reconcile with the mainframe' and last_due < $2) then 'the mainframe''s statement is not compared'
    when exists (select from settlement.job_run where state in ('due', 'running')
                 and job in ('execute due trades', 'balance books', 'reconcile with the mainframe')) then 'a job runs'
    when exists (select from settlement.reconciliation where not finished) then 'the mainframe''s statement is being compared'
    else '' end
