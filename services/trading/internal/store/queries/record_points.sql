-- The points of an hour. Another replica may have recorded it already.
insert into points_history (hour, points) values (date_trunc('hour', $1::timestamptz), $2)
on conflict (hour) do nothing
