-- Tokens by their hashes, all tokens of some users, and those of some logins.
select row_to_json(t) from (
    select * from token where hash = any ($1::text[]) or user_id = any ($2::text[]) or login = any ($3::text[]) order by hash for update
) t
