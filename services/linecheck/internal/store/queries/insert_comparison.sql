-- The result of a run. One for the same due time replaces it; results of long ago go.
with past as (delete from line_comparison where due < $1::timestamptz - interval '90 days')
insert into line_comparison (due, made_at, differences, named) values ($1, $2, $3, $4)
on conflict (due) do update set made_at = excluded.made_at, differences = excluded.differences, named = excluded.named
