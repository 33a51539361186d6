update trade t
set state = n.state, client = n.client, desk = n.desk, pair = n.pair, product = n.product, provider = n.provider,
    trade_date = n.trade_date, facts = n.facts, changed = default
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::json[])
    as n (id, state, client, desk, pair, product, provider, trade_date, facts)
where t.id = n.id
