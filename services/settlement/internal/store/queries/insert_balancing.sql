insert into balancing (due, attempt, desk, into_desk, currency, value_date, amount, rate, counter, counter_currency, posting)
select $1, $2, $3, $4, currency, value_date, amount::numeric, nullif(rate, '0')::numeric, case when rate <> '0' then counter::numeric end,
       $5, posting
from unnest($6::text[], $7::date[], $8::text[], $9::text[], $10::text[], $11::uuid[])
    as d (currency, value_date, amount, rate, counter, posting)
