insert into reconciliation_found (day, attempt, movement) select $1, $2, unnest($3::text[]) on conflict do nothing
