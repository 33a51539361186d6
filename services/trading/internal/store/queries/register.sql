-- All trades of a batch. A trade that is there already fails the statement, and with it the batch: it is then handled
-- again event by event, and the repeat is recognised. An empty rate is not known.
insert into trade (id, version, status, kind, provider, reference, quote_id, client, account, product, base, quote,
                   dealt_currency, trade_date, transacted_at, spot_date, reference_rate, reference_as_of, usd_amount,
                   registered_at, spot_rate, flags, reported_trade_date)
select id, version, status, kind, provider, reference, quote_id, client, account, product, base, quote,
       dealt_currency, trade_date, transacted_at, spot_date, nullif(reference_rate, '')::numeric, reference_as_of,
       usd_amount::numeric, registered_at, nullif(spot_rate, '')::numeric, flags::jsonb,
       reported_trade_date
from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::text[], $13::text[], $14::date[], $15::timestamptz[], $16::date[],
            $17::text[], $18::timestamptz[], $19::text[], $20::timestamptz[], $21::text[], $22::text[], $23::date[])
    as t (id, version, status, kind, provider, reference, quote_id, client, account, product, base, quote,
          dealt_currency, trade_date, transacted_at, spot_date, reference_rate, reference_as_of, usd_amount,
          registered_at, spot_rate, flags, reported_trade_date)
