-- What facts have changed. Empty means not known.
update trade t
set status = l.status, desk = nullif(l.desk, ''), trader = nullif(l.trader, ''), assigned_at = l.assigned_at,
    booking_reference = nullif(l.booking_reference, ''), booked_at = l.booked_at,
    refusal_code = nullif(l.refusal_code, ''), refusal_text = nullif(l.refusal_text, ''), refused_at = l.refused_at,
    settled_legs = l.settled_legs, settled_at = l.settled_at
from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::timestamptz[],
            $9::text[], $10::text[], $11::timestamptz[], $12::smallint[], $13::timestamptz[])
    as l (id, version, status, desk, trader, assigned_at, booking_reference, booked_at, refusal_code, refusal_text, refused_at,
          settled_legs, settled_at)
where t.id = l.id and t.version = l.version
