-- Whoever has changed the credential meanwhile has sealed it himself.
update credential set sealed = $3 where user_id = $1 and sealed = $2
