insert into reservation (id, kind, provider, group_node, desk_node, client_node, exposure, near_date, near_receivable,
                         far_date, far_receivable, state, expires_at, basis, nodes)
select id, kind, provider, nullif(group_node, ''), nullif(desk_node, ''), client_node, exposure::numeric,
       near_date, near_receivable::numeric, far_date, far_receivable::numeric, state, expires_at, basis::json, nodes::json
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::text[],
            $10::date[], $11::text[], $12::text[], $13::timestamptz[], $14::text[], $15::text[])
    made (id, kind, provider, group_node, desk_node, client_node, exposure, near_date, near_receivable,
          far_date, far_receivable, state, expires_at, basis, nodes)
