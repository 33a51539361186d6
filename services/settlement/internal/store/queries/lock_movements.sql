-- Movements with their legs, and how many of these belong to a trade that the mainframe has not booked. A leg of a movement changes only
-- under the movement's lock.
select row_to_json(m), (select json_agg(o order by trade_id, trade_version, leg) from obligation o where o.movement = m.id),
       (select count(*) from obligation o left join booking b using (trade_id, trade_version)
        where o.movement = m.id and b.code is distinct from '')
from movement m where id = any ($1::uuid[])
order by id
for update
