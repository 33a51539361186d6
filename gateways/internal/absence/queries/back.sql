-- The provider is back.
delete from absence using session where absence.session = $1 and session.name = $1 and session.epoch = $2
