-- The newest word counts, whatever the order in which events come.
insert into barred as b (provider, in_force, at, by, why) values ($1, $2, $3, $4, $5)
on conflict (provider) do update set in_force = excluded.in_force, at = excluded.at, by = excluded.by, why = excluded.why
where b.at < excluded.at
