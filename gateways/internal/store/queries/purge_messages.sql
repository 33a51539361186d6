delete from message where ctid = any(array(select ctid from message where at < now() - $2::interval limit $1))
