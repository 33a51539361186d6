-- The measures whose full name is one of $1, or begins with one of them and labels.
select m.at, e.key, e.value::text::float8
from measures m, jsonb_each(m.samples) e
where m.at between $2 and $3 and split_part(e.key, '{', 1) = any ($1)
order by e.key, m.at
