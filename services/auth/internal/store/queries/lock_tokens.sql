-- Tokens by their hashes, and all tokens of some users.
select row_to_json(t) from (select * from token where hash = any ($1::text[]) or user_id = any ($2::text[]) order by hash for update) t
