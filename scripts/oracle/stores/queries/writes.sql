select split_part(session, '->', 2), epoch, writer from oracle.session_write order by id
