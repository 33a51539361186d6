-- The rates of a minute. Another replica may have recorded it already.
insert into rate_history (minute, as_of, mids) values (date_trunc('minute', $1::timestamptz), $1, $2)
on conflict (minute) do nothing
