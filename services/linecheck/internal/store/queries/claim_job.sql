-- One row per job and due second: whoever inserts it publishes. What is long past is swept out on the way.
with past as (
    delete from due_job where job = $1 and due < $2::timestamptz - interval '1 minute'
)
insert into due_job (job, due) values ($1, $2) on conflict do nothing
