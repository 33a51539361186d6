select id from inbox where id = any($1::uuid[])
