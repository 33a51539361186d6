delete from repeat using session where repeat.session = session.id and session.id = $1 and session.epoch = $2 and repeat.correlation = $3
