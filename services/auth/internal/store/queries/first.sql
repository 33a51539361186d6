-- Who came first. A statement of its own after the claim: it sees what another replica committed while the claim waited.
select id::text, digest, first_event::text from request where id = any ($1::uuid[])
