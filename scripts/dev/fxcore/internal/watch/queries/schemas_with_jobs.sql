-- The schemas of the services that run jobs. The API shows runs of others in a table of the same name, and does not keep what a run waits for.
select table_schema::text from information_schema.columns where table_name = 'job_run' and column_name = 'waits_for' order by 1
