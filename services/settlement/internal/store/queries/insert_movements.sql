insert into movement (id, client, value_date, netted, payments, lines, state, attempt, not_after, reference, code, text, acted_by,
                      acted_why, requested_at, changed_at, early, moved_at)
select id, client, value_date, netted, payments::jsonb, lines::jsonb, state, 1, not_after, reference, code, text, '', '', changed_at,
       changed_at, early, moved_at
from unnest($1::uuid[], $2::text[], $3::date[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::text[],
            $10::text[], $11::text[], $12::timestamptz[], $13::boolean[], $14::timestamptz[])
    as m (id, client, value_date, netted, payments, lines, state, not_after, reference, code, text, changed_at, early, moved_at)
order by id
