-- Movements with their legs. A leg of a movement changes only under the movement's lock.
select row_to_json(m), (select json_agg(o order by trade_id, trade_version, leg) from obligation o where o.movement = m.id)
from movement m where id = any ($1::uuid[])
order by id
for update
