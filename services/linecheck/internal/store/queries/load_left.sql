-- The same reservations, read again after the locks: whoever resolved one meanwhile has committed. One that has come into
-- the first so many since, with nodes that are not locked, is left to the next message.
select r.id::text, r.kind, r.provider, coalesce(r.group_node, ''), coalesce(r.desk_node, ''), r.client_node, r.exposure,
       r.near_date, r.near_receivable, r.far_date, r.far_receivable, r.state, r.expires_at, null, null
from reservation r
join unnest($1::text[], $2::timestamptz[]) gone (provider, until) on r.provider = gone.provider and r.created_at <= gone.until
where r.state = 'RESERVED' and r.kind = 'check'
order by r.expires_at, r.id
limit $3
