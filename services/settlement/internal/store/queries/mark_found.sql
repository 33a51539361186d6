update movement set found_on = $2 where id = any ($1::uuid[])
