insert into reconciliation (day, attempt, begun_at) values ($1, $2, $3)
