-- What we know of movements that the mainframe names. An id that is no UUID is none of ours.
select id::text, reference, state, lines, early from movement where id = any ($1::uuid[])
