-- Movements that the mainframe has not answered until their cut-off, and those that it made early and whose value date has begun, with
-- their legs.
select row_to_json(m), (select json_agg(o order by trade_id, trade_version, leg) from obligation o where o.movement = m.id), 0
from movement m where state = 'requested' and not_after < $1 or early and value_date <= $3
order by id
limit $2
for update skip locked
