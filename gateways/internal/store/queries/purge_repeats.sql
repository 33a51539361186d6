-- Repeats of requests that were never decided here.
delete from repeat where ctid = any(array(select ctid from repeat where at < now() - $2::interval limit $1))
