-- Jobs that this schema has not seen yet are due from now on.
insert into job (name, last_due) select unnest($1::text[]), $2 on conflict do nothing
