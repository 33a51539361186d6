with entry as (
    insert into failed_message (id, state, version, queue, message_id, type, routing_key, source, reason, text, group_key, attempts, failures,
        first_failed_at, failed_at, correlation, trace_id, client, content_type, headers, body)
    values ($1, 'open', 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $11, $12, $13, $14, $15, $16, $17)
    on conflict (id) do update set version = failed_message.version -- locks the row, and returns its id
    returning id
), news as (
    insert into failed_history (failed_id, fingerprint, at, what, by, note)
    select id, $18, $11, 'failed', $6, $8 from entry
    on conflict (fingerprint) do nothing
    returning failed_id
)
select count(*) from news
