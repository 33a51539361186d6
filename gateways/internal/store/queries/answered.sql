-- $2 and $3 are the lowest and the highest of the ids: see daily.Span.
select id from inbox where id = any($1::uuid[]) and id between $2 and $3
union all
select id from inbox_before where id = any($1::uuid[])
