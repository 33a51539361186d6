select id::text, facts from trade where id = any ($1::uuid[]) order by trade.id for update
