select id::text, kind, state, coalesce(group_node, ''), coalesce(desk_node, ''), client_node, exposure::text,
       coalesce(near_date::text, ''), coalesce(far_date::text, ''),
       coalesce(near_receivable, 0)::text, coalesce(far_receivable, 0)::text, expires_at, basis
from linecheck.reservation
