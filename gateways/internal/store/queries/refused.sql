select number, content from refusal where session = $1 and generation = $2 and number >= $3 order by number limit $4
