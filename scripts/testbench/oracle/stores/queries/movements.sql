select id::text, client, value_date::text, state, reference, changed_at, not_after, early, lines from settlement.movement
