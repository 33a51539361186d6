-- The next movements that we hold for made on a day, in the mainframe's place, and that no page of the run has named. Before the last
-- page has come nothing is looked for. When the mainframe made what a person has found in its book is not known here.
select id::text, reference, state, lines, early, client, value_date::text, '[]'::json from movement m
where exists (select from reconciliation where day = $1 and attempt = $2 and at_end and complete)
  and state = 'made' and lines <> '[]' and coalesce(moved_at, case when acted_by = '' then changed_at end) >= $3
  and coalesce(moved_at, case when acted_by = '' then changed_at end) < $4
  and id > coalesce(nullif($5, '')::uuid, '00000000-0000-0000-0000-000000000000')
  and not exists (select from reconciliation_found f where f.day = $1 and f.attempt = $2 and f.movement = m.id::text)
order by id
limit $6
