-- Which of these trades are registered already.
select id::text from trade where id = any ($1::uuid[]) and version = 1
