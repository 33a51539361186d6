select id::text, client, value_date::text, state, reference, changed_at, not_after, lines from settlement.movement
