-- The last move of a provider stays.
delete from move m
where requested_at < now() - $1::interval and not exists (select from provider p where p.last_move = m.id)
