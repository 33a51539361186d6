-- What is due more than before.
insert into settlement_usage (node, value_date, used)
select node, value_date, amount::numeric from unnest($1::text[], $2::date[], $3::text[]) added (node, value_date, amount)
on conflict (node, value_date) do update set used = settlement_usage.used + excluded.used
