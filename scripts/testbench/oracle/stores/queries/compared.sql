-- The last comparison of each day.
select distinct on (day) day::text, differences, finished from settlement.reconciliation order by day, attempt desc
