-- For each instant the rates that were recorded last before it, with the points of that time: of the same hour or of the one
-- before. Points are null if none were recorded then.
select w.at, r.as_of, r.mids, coalesce(p.points, 'null')
from (select distinct at from unnest($1::timestamptz[]) as u (at)) as w
cross join lateral (
    select as_of, mids from rate_history where minute <= w.at and as_of <= w.at order by minute desc limit 1
) as r
left join lateral (
    select points from points_history where hour <= w.at and hour > w.at - interval '2 hours' order by hour desc limit 1
) as p on true
