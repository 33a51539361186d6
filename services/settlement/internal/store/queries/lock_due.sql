-- The next legs whose window has begun, a client's of one date together. What another run holds is that run's.
select row_to_json(o)
from obligation o
where state = 'open' and due_from <= $1
order by client, value_date, trade_id, trade_version, leg
limit $2
for update skip locked
