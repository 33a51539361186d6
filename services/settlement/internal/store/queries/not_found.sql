-- Movements that we hold for made on a day, in the mainframe's place, and that no page of this run has named so far.
select id::text, reference, state, lines from movement
where state = 'made' and lines <> '[]' and changed_at >= $1 and changed_at < $2 and found_on <> $3
order by id
limit 10000
