select day, attempt, compared, differences, finished, coalesce(as_of, 'epoch') from reconciliation where day = $1 and attempt = $2 for update
