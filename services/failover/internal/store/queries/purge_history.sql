delete from history where at < now() - $1::interval
