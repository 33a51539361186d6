update movement m
set lines = c.lines::jsonb, state = c.state, attempt = c.attempt, not_after = c.not_after, reference = c.reference, code = c.code,
    text = c.text, acted_by = c.acted_by, acted_why = c.acted_why, changed_at = c.changed_at, early = c.early,
    moved_at = c.moved_at
from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::timestamptz[], $12::boolean[], $13::timestamptz[])
    as c (id, lines, state, attempt, not_after, reference, code, text, acted_by, acted_why, changed_at, early, moved_at)
where m.id = c.id
