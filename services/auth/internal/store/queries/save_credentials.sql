insert into credential (user_id, kind, client, sealed, code_step, failures, not_before, set_by, set_why, set_at)
select user_id, kind, client, decode(sealed, 'base64'), code_step, failures, not_before, set_by, set_why, set_at
from jsonb_to_recordset($1::jsonb) as c (user_id text, kind text, client text, sealed text, code_step bigint, failures int,
    not_before timestamptz, set_by text, set_why text, set_at timestamptz)
order by user_id
on conflict (user_id) do update set kind = excluded.kind, client = excluded.client, sealed = excluded.sealed, code_step = excluded.code_step,
    failures = excluded.failures, not_before = excluded.not_before, set_by = excluded.set_by, set_why = excluded.set_why, set_at = excluded.set_at
