-- The legs of open trades on the given dates of the given pairs. A leg that is listed already stays as it was found. A leg that was
-- dealt on a broken date, and flagged, is not touched by a date that is broken.
insert into affected_trade (trade_id, trade_version, leg, value_date, closure, calendar_version)
select l.trade_id, l.trade_version, l.leg, l.value_date, c.closure, $6
from unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::boolean[]) as c (base, quote, value_date, closure, broken)
join trade_leg l on l.base = c.base and l.quote = c.quote and l.value_date = c.value_date
join trade t on t.id = l.trade_id and t.version = l.trade_version
where t.status in ('registered', 'booked', 'booking_refused')
  and not (c.broken and t.flags @> jsonb_build_array(jsonb_build_object('flag', 'broken_date', 'leg', l.leg)))
on conflict do nothing
