-- Rates that no report may need any more, by the earlier of the given time and that of the newest rates.
with old as (select least($1::timestamptz, (select max(minute) from rate_history)) - $2::interval as bound),
     points as (delete from points_history using old where hour < old.bound - interval '1 hour')
delete from rate_history using old where minute < old.bound
