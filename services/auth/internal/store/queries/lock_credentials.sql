-- Locked before tokens, in one order.
select row_to_json(c) from (select user_id, kind, client, encode(sealed, 'base64') as sealed, code_step, failures, not_before, set_by, set_why, set_at
    from credential where user_id = any ($1::text[]) order by user_id for update) c
