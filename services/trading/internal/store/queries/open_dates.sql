-- The value dates from a date on for which open trades have legs.
select distinct l.base, l.quote, l.value_date
from trade_leg l
join trade t on t.id = l.trade_id and t.version = l.trade_version
where l.value_date >= $1 and t.status in ('registered', 'booked', 'booking_refused')
