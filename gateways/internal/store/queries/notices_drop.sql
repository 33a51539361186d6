delete from notice where id = any($1::uuid[])
