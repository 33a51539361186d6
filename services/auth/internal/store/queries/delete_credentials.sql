delete from credential where user_id = any ($1::text[])
