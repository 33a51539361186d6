delete from inbox where ctid = any(array(select ctid from inbox where at < now() - $2::interval limit $1))
