delete from answer where ctid = any(array(select ctid from answer where at < now() - $2::interval limit $1))
