select table_schema::text from information_schema.tables where table_name = 'job_run' order by 1
