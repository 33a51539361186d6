select id::text, event from notice where due <= now() order by due, notice.id limit $1 for update skip locked
