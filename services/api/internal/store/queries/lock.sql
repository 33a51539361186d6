select id::text, facts from trade where id = any ($1::uuid[]) order by id for update
