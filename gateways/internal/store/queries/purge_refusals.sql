delete from refusal where ctid = any(array(select ctid from refusal where at < now() - $2::interval limit $1))
