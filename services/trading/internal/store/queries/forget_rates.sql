-- Rates that no report may need any more.
with old as (select $1::timestamptz as bound),
     points as (delete from points_history using old where hour < old.bound - interval '1 hour')
delete from rate_history using old where minute < old.bound
