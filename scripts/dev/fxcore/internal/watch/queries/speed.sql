-- The last ten seconds' trades, from the table's last pages: rows are appended, so no index is needed and the cost does
-- not grow with the table. If those pages hold less than ten seconds, the rate is over what they hold. Trades are dated by the
-- bank's clock: where that is ahead, the last trade's time stands for now.
with tail as materialized (
    select registered_at, extract(epoch from registered_at - transacted_at) * 1000 as ms
    from trading.trade
    where ctid >= format('(%s,0)', greatest(0, pg_relation_size('trading.trade') / 8192 - 1000))::tid and version = 1
), present as (
    select greatest(now(), max(registered_at)) as at from tail
), recent as (
    select * from tail where registered_at > (select at from present) - interval '10 seconds'
)
select (select count(*) from recent)
           / least(10, greatest(1, coalesce((select extract(epoch from (select at from present) - min(registered_at)) from tail), 10)))::float8,
       coalesce((select percentile_cont(0.50) within group (order by ms) from recent where ms >= 0), 0)::float8,
       coalesce((select percentile_cont(0.99) within group (order by ms) from recent where ms >= 0), 0)::float8
