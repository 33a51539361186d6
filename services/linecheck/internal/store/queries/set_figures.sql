-- What reservations use that were made without figures. Their basis and nodes stay: they are the answer that was given.
update reservation r
set exposure = measured.exposure::numeric,
    near_date = measured.near_date, near_receivable = measured.near_receivable::numeric,
    far_date = measured.far_date, far_receivable = measured.far_receivable::numeric
from unnest($1::uuid[], $2::text[], $3::date[], $4::text[], $5::date[], $6::text[])
    measured (id, exposure, near_date, near_receivable, far_date, far_receivable)
where r.id = measured.id
