-- That the provider has been away for too long was published.
update absence set told = true from session where absence.session = $1 and session.name = $1 and session.epoch = $2
