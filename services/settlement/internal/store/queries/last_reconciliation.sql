-- The latest run of a day, 0 if there is none. One run of the job at a time begins another.
select coalesce(max(attempt), 0) from reconciliation where day = $1
