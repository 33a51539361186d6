insert into reservation (id, kind, provider, group_node, desk_node, client_node, exposure, near_date, near_receivable,
                         far_date, far_receivable, state, expires_at, basis, nodes, pair, deal_currency, side, amount,
                         open_amount, taken_amount, value_date, netted, closed, near_settled, far_settled,
                         from_check, from_amount, from_taken, dealer_node)
select id, kind, provider, nullif(group_node, ''), nullif(desk_node, ''), client_node, exposure::numeric,
       near_date, near_receivable::numeric, far_date, far_receivable::numeric, state, expires_at, basis::json, nodes::json,
       pair, deal_currency, side, amount::numeric, open_amount::numeric, taken_amount::numeric, value_date, netted, closed,
       near_settled, far_settled, nullif(from_check, '')::uuid, nullif(from_amount, '0')::numeric, nullif(from_taken, '0')::numeric,
       nullif(dealer_node, '')
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::text[],
            $10::date[], $11::text[], $12::text[], $13::timestamptz[], $14::text[], $15::text[], $16::text[], $17::text[],
            $18::text[], $19::text[], $20::text[], $21::text[], $22::date[], $23::boolean[], $24::boolean[],
            $25::boolean[], $26::boolean[], $27::text[], $28::text[], $29::text[], $30::text[])
    made (id, kind, provider, group_node, desk_node, client_node, exposure, near_date, near_receivable,
          far_date, far_receivable, state, expires_at, basis, nodes, pair, deal_currency, side, amount,
          open_amount, taken_amount, value_date, netted, closed, near_settled, far_settled, from_check, from_amount, from_taken,
          dealer_node)
