-- The next movements that were never asked for, because their cut-off had passed, with their legs. $1 bounds their value
-- dates. A trade that the mainframe has not booked is left to a person.
select row_to_json(m), (select json_agg(o order by trade_id, trade_version, leg) from obligation o where o.movement = m.id), 0
from movement m
where state = 'refused' and code = $4 and value_date < $1 and id > coalesce(nullif($2, '')::uuid, '00000000-0000-0000-0000-000000000000')
  and not exists (select from obligation o left join booking b using (trade_id, trade_version)
                  where o.movement = m.id and b.code is distinct from '')
order by id
limit $3
for update
