select seq, body from message where session = $1 and generation = $2 and seq between $3 and $4 order by seq limit $5
