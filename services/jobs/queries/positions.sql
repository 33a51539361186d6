select name, last_due from job where name = any ($1)
