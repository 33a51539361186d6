delete from reconciliation_found where day = $1 and attempt <= $2
