-- $2 bounds one statement.
delete from token where hash in (select hash from token where expires_at < $1 order by expires_at limit $2 for update skip locked)
