-- Who came first. A statement of its own after the claim: it sees what another replica committed while the claim waited.
-- $2 and $3 are the lowest and the highest of the ids: see daily.Span.
select id::text, digest, first_event::text from request where id = any ($1::uuid[]) and id between $2 and $3
union all
select id::text, digest, first_event::text from request_before where id = any ($1::uuid[])
