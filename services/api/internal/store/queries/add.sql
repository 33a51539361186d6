insert into trade (id, state, client, desk, pair, product, provider, trade_date, facts)
select id, state, client, desk, pair, product, provider, trade_date, facts
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::date[], $9::json[])
    as n (id, state, client, desk, pair, product, provider, trade_date, facts)
order by id
