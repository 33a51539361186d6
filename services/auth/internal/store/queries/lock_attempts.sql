-- Locked after credentials and before tokens, in one order.
select row_to_json(a) from (select * from attempt where user_id = any ($1::text[]) order by user_id for update) a
