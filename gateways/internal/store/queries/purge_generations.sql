-- Messages of generations that have ended: nobody can ask for them any more.
delete from message where ctid = any(array(
    select old.ctid
    from session s, lateral (select ctid from message m where m.session = s.id and m.generation < s.generation limit $1) old
    limit $1))
