delete from measures where at < now() - $1::interval
