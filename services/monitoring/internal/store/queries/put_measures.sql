insert into measures (at, samples) values (date_bin('10 seconds', now(), '2000-01-01'), $1) on conflict do nothing
