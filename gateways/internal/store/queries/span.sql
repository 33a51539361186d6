-- Two probes of the primary key.
select coalesce((select min(seq) from message where session = $1 and generation = $2 and seq >= $3), 0),
       coalesce((select max(seq) from message where session = $1 and generation = $2), 0)
